package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Answer.Failure;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent.CommandAnswered;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {
    private static final BaseId ID = new BaseId("b1");
    private static final ModuleRef BIZ = new ModuleRef("biz", "1");
    private final ArkletCodec codec = new ArkletCodec();

    @Test
    void doneTellsWhatIsReallyThere() throws Exception {
        assertThat(
                        both(
                                """
                                {"code":"SUCCESS","data":{"code":"SUCCESS","bizInfos":[
                                 {"bizName":"real","bizVersion":"2","bizState":"ACTIVATED"}]}}\
                                """))
                .isEqualTo(
                        new Answer.Done(
                                List.of(
                                        ModuleStatus.of(
                                                new ModuleRef("real", "2"),
                                                ModuleState.ACTIVATED))));
    }

    @Test
    void aDeactivatedModuleStaysSoInsideASuccess() throws Exception {
        assertThat(
                        both(
                                """
                                {"code":"SUCCESS","data":{"code":"SUCCESS","bizInfos":[
                                 {"bizName":"biz","bizVersion":"1","bizState":"deactivated"}]}}\
                                """))
                .isEqualTo(new Answer.Done(List.of(ModuleStatus.of(BIZ, ModuleState.DEACTIVATED))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":\"SUCCESS\",\"data\":{\"code\":\"SUCCESS\",\"message\":\"m\"}}",
                "{\"code\":\"SUCCESS\",\"data\":{}}",
                "{\"code\":\"SUCCESS\"}",
                "{\"code\":\"SUCCESS\",\"data\":{\"bizInfos\":{\"a\":1}}}"
            })
    void doneWithoutWords(String response) throws Exception {
        assertThat(both(response)).isEqualTo(new Answer.Done(List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":\"SUCCESS\",\"data\":{\"requestId\":\"r\",\"status\":\"EXECUTING\"}}",
                "{\"code\":\"SUCCESS\",\"data\":{\"status\":\"INITIALIZED\"}}",
                "{\"code\":\"FAILED\",\"message\":\"FAILED:biz:1 installBiz conflict, exist"
                        + " unfinished command(installBiz) for this biz\"}"
            })
    void begunOrInConflictIsBusy(String response) throws Exception {
        assertThat(both(response)).isEqualTo(new Answer.Busy());
    }

    @Test
    void repeatedAndNotFound() throws Exception {
        assertThat(both("{\"code\":\"FAILED\",\"data\":{\"code\":\"REPEAT_BIZ\"}}"))
                .isEqualTo(new Answer.AlreadyThere());
        assertThat(both("{\"code\":\"FAILED\",\"data\":{\"code\":\"NOT_FOUND_BIZ\"}}"))
                .isEqualTo(new Answer.NotThere());
    }

    @Test
    void aSuccessWhoseDataSaysNoIsNotDone() throws Exception {
        assertThat(both("{\"code\":\"SUCCESS\",\"data\":{\"code\":\"FAILED\",\"message\":\"m\"}}"))
                .isEqualTo(new Answer.Failed("m", "m", Failure.OTHER));
    }

    @Test
    void aCommandThatTheBaseDoesNotKnowFailed() throws Exception {
        assertThat(both("{\"code\":\"CMD_NOT_FOUND\",\"message\":\"please follow the doc\"}"))
                .isEqualTo(
                        new Answer.Failed(
                                "please follow the doc", "please follow the doc", Failure.OTHER));
    }

    @Test
    void aFailureWithoutWordsNamesItsCode() throws Exception {
        assertThat(both("{\"code\":\"FAILED\"}"))
                .isEqualTo(new Answer.Failed("FAILED", "FAILED", Failure.OTHER));
    }

    @Test
    void overMqttTheRequestIsEchoed() throws Exception {
        assertThat(mqtt("\"command\":\"uninstallBiz\",\"bizName\":\"biz\",\"bizVersion\":\"1\""))
                .satisfies(a -> assertThat(a.operation()).isEqualTo(Operation.UNINSTALL))
                .satisfies(a -> assertThat(a.ref()).hasValue(BIZ));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"bizName\":\"biz\"",
                ",\"bizVersion\":\"1\"",
                ",\"bizName\":\" \",\"bizVersion\":\"1\"",
                ",\"bizName\":null,\"bizVersion\":\"1\""
            })
    void anEchoWithoutNameOrVersionIsNone(String echo) throws Exception {
        assertThat(mqtt("\"command\":\"installBiz\"" + echo).ref()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"command\":\"switchBiz\"", "\"command\":null", "\"x\":1"})
    void anOperationOfAnotherCommandIsMalformed(String command) {
        assertThatThrownBy(() -> mqtt(command))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("no such command");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"code\":null}", "{\"code\":{}}", "{\"data\":{\"code\":\"x\"}}"})
    void anAnswerNeedsACode(String response) {
        assertThatThrownBy(() -> both(response))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("the answer has no code");
    }

    @ParameterizedTest
    @ValueSource(strings = {"baseIdentity", "baseID"})
    void anAnswerOfAnotherBaseIsRefused(String field) throws Exception {
        assertThat(http("{\"" + field + "\":\"b1\",\"code\":\"SUCCESS\"}").base()).isEqualTo(ID);
        assertThatThrownBy(() -> http("{\"" + field + "\":\"b2\",\"code\":\"SUCCESS\"}"))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("identity differs from the base that was asked");
    }

    /** The verdict is the same over HTTP and MQTT. */
    private Answer both(String response) throws MalformedMessageException {
        String data = "{\"command\":\"installBiz\",\"response\":" + response + "}";
        String payload = "{\"publishTimestamp\":1,\"data\":" + data + "}";
        Answer overHttp = http(response).answer();
        Answer overMqtt =
                answered(
                                codec.decodeMqtt(
                                        ID,
                                        "bizOperation",
                                        payload.getBytes(StandardCharsets.UTF_8)))
                        .answer();
        assertThat(overMqtt).isEqualTo(overHttp);
        return overHttp;
    }

    private CommandAnswered http(String body) throws MalformedMessageException {
        Command.Install install = new Command.Install(BIZ, URI.create("file:///biz.jar"));
        CommandAnswered answered =
                answered(codec.decodeHttp(ID, install, body.getBytes(StandardCharsets.UTF_8)));
        assertThat(answered.ref()).hasValue(BIZ);
        assertThat(answered.operation()).isEqualTo(Operation.INSTALL);
        return answered;
    }

    private CommandAnswered mqtt(String echo) throws MalformedMessageException {
        String payload = "{\"data\":{" + echo + ",\"response\":{\"code\":\"SUCCESS\"}}}";
        return answered(
                codec.decodeMqtt(ID, "bizOperation", payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static CommandAnswered answered(Object event) {
        return assertThat(event).asInstanceOf(type(CommandAnswered.class)).actual();
    }
}
