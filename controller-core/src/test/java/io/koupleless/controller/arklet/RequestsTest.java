package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RequestsTest {
    private static final ModuleRef BIZ1 = new ModuleRef("biz1", "1.0.0");
    private final ArkletCodec codec = new ArkletCodec();

    @ParameterizedTest
    @CsvSource({"koupleless-2.1.11/http-", "koupleless-2.1.6/"})
    void requestsAreThoseObserved(String prefix) {
        URI url = URI.create("file:///modules/biz1-1.0.0-ark-biz.jar");

        assertThat(written(new Command.Install(BIZ1, url)))
                .isEqualTo(recorded(prefix + "installBiz-ok-first"));
        assertThat(written(new Command.Uninstall(new ModuleRef("biz2", "1.0.0"))))
                .isEqualTo(recorded(prefix + "uninstallBiz-ok"));
        assertThat(written(new Command.QueryHealth())).isEqualTo(recorded(prefix + "health"));
        assertThat(written(new Command.QueryModules()))
                .isEqualTo(recorded(prefix + "queryAllBiz-one"));
    }

    @Test
    void manyRequestsAreComparedToTheLetter() {
        assertThat(Capture.all())
                .filteredOn(Capture::isRequest)
                .filteredOn(capture -> capture.hasFieldsOf(codec.encode(capture.command())))
                .hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({"koupleless-2.1.11/http-", "koupleless-2.1.6/"})
    void argsGoWithTheInstallAsObserved(String prefix) {
        URI url = URI.create("file:///modules/bizbad-1.0.0-ark-biz.jar");
        Command install =
                new Command.Install(new ModuleRef("bizbad", "1.0.0"), url, List.of("--ok"));

        assertThat(written(install))
                .isEqualTo(
                        recorded(prefix + "installBiz-args-envs")
                                .replace(",\"envs\":{\"DEMO_ENV\":\"x\"}", ""));
        assertThat(written(new Command.InstallAll(List.of((Command.Install) install))))
                .contains("\"args\":[\"--ok\"]");
    }

    @Test
    void textIsUtf8AndEscaped() {
        ModuleRef ref = new ModuleRef("模块\"\\\n", "1:0");
        JsonNode request =
                JsonMapper.shared()
                        .readTree(
                                new String(
                                        codec.encode(new Command.Uninstall(ref)),
                                        StandardCharsets.UTF_8));

        assertThat(request.path("bizName").stringValue()).isEqualTo("模块\"\\\n");
        assertThat(request.path("bizVersion").stringValue()).isEqualTo("1:0");
    }

    @Test
    void aBrokenCharacterIsReplaced() {
        String request = written(new Command.Uninstall(new ModuleRef("a\uD83D", "1")));

        assertThat(request).isEqualTo("{\"bizName\":\"a?\",\"bizVersion\":\"1\"}");
    }

    @Test
    void commandsHaveTheNamesThatArkletKnows() {
        assertThat(codec.commandName(new Command.Install(BIZ1, URI.create("file:///x"))))
                .isEqualTo("installBiz");
        assertThat(codec.commandName(new Command.Uninstall(BIZ1))).isEqualTo("uninstallBiz");
        assertThat(codec.commandName(new Command.QueryHealth())).isEqualTo("health");
        assertThat(codec.commandName(new Command.QueryModules())).isEqualTo("queryAllBiz");
    }

    @Test
    void aBatchIsAListOverMqttAndAnObjectOverHttp() {
        URI biz1 = URI.create("file:///modules/biz1-1.0.0-ark-biz.jar");
        URI biz2 = URI.create("file:///modules/biz2-1.0.0-ark-biz.jar");
        Command batch =
                new Command.InstallAll(
                        List.of(
                                new Command.Install(BIZ1, biz1),
                                new Command.Install(new ModuleRef("biz2", "1.0.0"), biz2)));

        assertThat(codec.topic(batch)).contains("base/baseline");
        assertThat(codec.commandName(batch)).isEqualTo("batchInstallBiz");
        assertThat(written(batch)).isEqualTo(recorded("koupleless-2.1.11/http-batchInstallBiz-ok"));
        assertThat(new String(codec.encodeMqtt(batch), StandardCharsets.UTF_8))
                .isEqualTo(
                        recorded("koupleless-2.1.11/http-batchInstallBiz-ok")
                                .replace("{\"bizList\":", "")
                                .replace("]}", "]"));
        assertThat(codec.topic(new Command.QueryCommands())).isEmpty();
    }

    private String written(Command command) {
        return new String(codec.encode(command), StandardCharsets.UTF_8);
    }

    private static String recorded(String name) {
        return new Capture(name + "-request.json").text();
    }
}
