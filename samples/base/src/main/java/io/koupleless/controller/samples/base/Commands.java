package io.koupleless.controller.samples.base;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONObject;
import com.alipay.sofa.ark.api.ClientResponse;
import com.alipay.sofa.ark.api.ResponseCode;
import com.alipay.sofa.koupleless.arklet.core.command.CommandService;
import com.alipay.sofa.koupleless.arklet.core.command.builtin.model.BizInfo;
import com.alipay.sofa.koupleless.arklet.core.command.meta.Output;
import com.alipay.sofa.koupleless.arklet.core.util.ExceptionUtils;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the commands that exist over MQTT to arklet and publishes its answers; all others get none. */
final class Commands {

    private static final Logger LOGGER = LoggerFactory.getLogger(Commands.class);

    private final Channel channel;
    private final CommandService arklet;
    private final Baseline baseline;

    Commands(Channel channel, CommandService arklet) {
        this.channel = channel;
        this.arklet = arklet;
        this.baseline = new Baseline(arklet);
    }

    void handle(String command, String payload) {
        LOGGER.info("{} {}", command, payload);
        try {
            switch (command) {
                case "installBiz", "uninstallBiz" -> operate(command, JSON.parseObject(payload));
                case "baseline" -> installBaseline(JSON.parseArray(payload).toJavaList(JSONObject.class));
                case "health" -> channel.publish("health", arklet.process("health", JSON.parseObject(payload)));
                case "queryAllBiz" -> channel.publish("simpleBiz", modules());
                default -> LOGGER.warn("{} does not exist over MQTT", command);
            }
        } catch (Exception e) {
            LOGGER.error("{} is left without an answer", command, e);
        }
    }

    private void operate(String command, JSONObject request) {
        Objects.requireNonNull(request, "the payload is empty");
        channel.publish(
                "bizOperation",
                new JSONObject()
                        .fluentPut("command", command)
                        .fluentPut("bizName", request.get("bizName"))
                        .fluentPut("bizVersion", request.get("bizVersion"))
                        .fluentPut("response", answered(() -> arklet.process(command, request))));
    }

    private void installBaseline(List<JSONObject> modules) {
        channel.publish(
                "batchInstallBizResponse",
                new JSONObject()
                        .fluentPut("command", "batchInstallBiz")
                        .fluentPut("response", answered(() -> baseline.install(modules))));
    }

    /** Over MQTT every exception and error becomes an ordinary FAILED answer. */
    private static Output<?> answered(Callable<Output<?>> work) {
        try {
            return work.call();
        } catch (Throwable t) {
            LOGGER.error("command failed", t);
            ClientResponse failure = new ClientResponse()
                    .setCode(ResponseCode.FAILED)
                    .setMessage(ExceptionUtils.getStackTraceAsString(t));
            return Output.ofFailed(failure, t.getMessage());
        }
    }

    /** Without latestStateRecord: the state records of sofa-ark 3.1.4 have neither reason nor message. */
    private List<JSONObject> modules() throws InterruptedException {
        List<?> modules =
                (List<?>) arklet.process("queryAllBiz", new JSONObject()).getData();
        return modules.stream()
                .map(BizInfo.class::cast)
                .map(module -> new JSONObject()
                        .fluentPut("name", module.getBizName())
                        .fluentPut("version", module.getBizVersion())
                        .fluentPut("state", module.getBizState().getBizState()))
                .toList();
    }
}
