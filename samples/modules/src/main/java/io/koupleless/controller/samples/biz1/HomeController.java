package io.koupleless.controller.samples.biz1;

import com.alipay.sofa.ark.api.ArkClient;
import com.alipay.sofa.ark.spi.model.Biz;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page that tells which version of the module answers, and on which base. */
@RestController
class HomeController {

    @GetMapping("/")
    String home() {
        Biz module =
                ArkClient.getBizManagerService().getBizByClassLoader(getClass().getClassLoader());
        return "%s %s on %s%n"
                .formatted(module.getBizName(), module.getBizVersion(), System.getProperty("base.identity"));
    }
}
