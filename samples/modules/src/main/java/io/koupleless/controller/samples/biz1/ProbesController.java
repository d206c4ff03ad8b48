package io.koupleless.controller.samples.biz1;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What probes ask, and a way to have them told otherwise; another run of the module is well again. */
@RestController
class ProbesController {
    private volatile int ready = 200;
    private volatile int live = 200;

    @GetMapping("/ready")
    ResponseEntity<String> ready() {
        return ResponseEntity.status(ready).body("ready? " + ready + "\n");
    }

    @GetMapping("/live")
    ResponseEntity<String> live() {
        return ResponseEntity.status(live).body("live? " + live + "\n");
    }

    @GetMapping("/ready/{status}")
    String ready(@PathVariable("status") int status) {
        ready = status;
        return "ready: " + status + "\n";
    }

    @GetMapping("/live/{status}")
    String live(@PathVariable("status") int status) {
        live = status;
        return "live: " + status + "\n";
    }
}
