package io.koupleless.controller.samples.base;

import com.alibaba.fastjson.JSONObject;
import com.alipay.sofa.ark.api.ClientResponse;
import com.alipay.sofa.ark.api.ResponseCode;
import com.alipay.sofa.koupleless.arklet.core.command.CommandService;
import com.alipay.sofa.koupleless.arklet.core.command.builtin.handler.InstallBizHandler.InstallBizClientResponse;
import com.alipay.sofa.koupleless.arklet.core.command.meta.Output;
import com.alipay.sofa.koupleless.arklet.core.common.exception.ArkletRuntimeException;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;

/** Installs a list of modules as batchInstallBiz does, a command that arklet 2.1.6 does not have yet. */
final class Baseline {

    private static final String DEFAULT_PRIORITY = "100";

    private final CommandService arklet;
    private final AtomicBoolean busy = new AtomicBoolean();

    Baseline(CommandService arklet) {
        this.arklet = arklet;
    }

    Output<?> install(List<JSONObject> modules) throws InterruptedException {
        if (!busy.compareAndSet(false, true)) {
            return Output.ofFailed("FAILED:null:null batchInstallBiz conflict, "
                    + "exist unfinished command(batchInstallBiz) for this biz");
        }
        try {
            return installAll(byPriority(modules));
        } finally {
            busy.set(false);
        }
    }

    private Output<?> installAll(List<JSONObject> modules) throws InterruptedException {
        Map<String, ClientResponse> responses = new LinkedHashMap<>();
        long elapsedSpace = 0;
        for (JSONObject module : modules) {
            ClientResponse response = installOne(module);
            if (response instanceof InstallBizClientResponse measured) {
                elapsedSpace += measured.getElapsedSpace();
            }
            responses.put(module.getString("bizUrl"), withoutSpace(response));
        }
        boolean good = responses.values().stream().allMatch(response -> response.getCode() == ResponseCode.SUCCESS);
        JSONObject data = new JSONObject()
                .fluentPut("code", good ? ResponseCode.SUCCESS : ResponseCode.FAILED)
                .fluentPut("message", good ? "batch install success" : "batch install failed")
                .fluentPut("elapsedSpace", elapsedSpace)
                .fluentPut("bizUrlToResponse", responses);
        return good ? Output.ofSuccess(data) : Output.ofFailed(data, "install biz not success!");
    }

    private ClientResponse installOne(JSONObject module) throws InterruptedException {
        try {
            Output<?> output = arklet.process("installBiz", module.fluentRemove("async"));
            return output.getData() instanceof ClientResponse response ? response : failure(output.getMessage());
        } catch (ArkletRuntimeException e) {
            return failure("internal exception: " + e.getCause().getMessage());
        }
    }

    /** A batch tells the space used only once, for all its modules. */
    private static ClientResponse withoutSpace(ClientResponse response) {
        return new ClientResponse()
                .setCode(response.getCode())
                .setMessage(response.getMessage())
                .setBizInfos(response.getBizInfos());
    }

    private static ClientResponse failure(String message) {
        return new ClientResponse().setCode(ResponseCode.FAILED).setMessage(message);
    }

    /** Opens every jar before the first is installed, so that one that cannot be had fails the whole batch. */
    private static List<JSONObject> byPriority(List<JSONObject> modules) {
        TreeMap<Integer, List<JSONObject>> groups = new TreeMap<>();
        for (JSONObject module : modules) {
            groups.computeIfAbsent(priority(module.getString("bizUrl")), priority -> new ArrayList<>())
                    .add(module);
        }
        return groups.values().stream().flatMap(List::stream).toList();
    }

    private static int priority(String url) {
        try (JarInputStream jar = new JarInputStream(new URL(url).openStream())) {
            Manifest manifest = jar.getManifest();
            String priority =
                    manifest == null ? null : manifest.getMainAttributes().getValue("priority");
            return Integer.parseInt(priority == null ? DEFAULT_PRIORITY : priority);
        } catch (IOException e) {
            throw new ArkletRuntimeException(e);
        }
    }
}
