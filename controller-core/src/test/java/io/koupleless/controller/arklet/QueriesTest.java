package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelEvent.BatchAnswered;
import io.koupleless.controller.tunnel.TunnelEvent.CommandsReported;
import io.koupleless.controller.tunnel.TunnelEvent.HealthReported;
import io.koupleless.controller.tunnel.TunnelEvent.ModulesReported;
import io.koupleless.controller.tunnel.TunnelEvent.QueryRefused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueriesTest {
    private static final BaseId ID = new BaseId("b1");
    private static final ModuleRef BIZ = new ModuleRef("biz", "1");
    private final ArkletCodec codec = new ArkletCodec();

    @Test
    void healthHasUptimeMetaspaceProcessorsAndJava() throws Exception {
        BaseHealth health =
                health(
                        """
                        {"jvm":{"java version":"21","run time(s)":12.403,"java used metaspace":1,
                         "java committed metaspace":"2","java max metaspace":3},
                         "cpu":{"count":4},"masterBizInfo":{"bizState":"DEACTIVATED"}}\
                        """);

        assertThat(health.uptime()).hasValue(Duration.ofMillis(12_403));
        assertThat(health.usedMetaspace()).hasValue(1);
        assertThat(health.committedMetaspace()).hasValue(2);
        assertThat(health.maxMetaspace()).hasValue(3);
        assertThat(health.cpuCount()).hasValue(4);
        assertThat(health.javaVersion()).hasValue("21");
        assertThat(health.masterState()).isEqualTo("DEACTIVATED");
        assertThat(health.active()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"jvm\":null,\"cpu\":[],\"masterBizInfo\":\"x\"}",
                "{\"jvm\":{\"run time(s)\":-1,\"java max metaspace\":-1,\"java version\":{}},"
                        + "\"cpu\":{\"count\":0},\"masterBizInfo\":{\"bizState\":\"\"}}",
                "{\"jvm\":{\"run time(s)\":1e300,\"java max metaspace\":\"x\"}}",
                "{\"jvm\":{\"run time(s)\":\"NaN\",\"java max metaspace\":1e999}}"
            })
    void whatHealthDoesNotSayIsEmpty(String healthData) throws Exception {
        BaseHealth health = health(healthData);

        assertThat(health.uptime()).isEmpty();
        assertThat(health.usedMetaspace()).isEmpty();
        assertThat(health.maxMetaspace()).isEmpty();
        assertThat(health.cpuCount()).isEmpty();
        assertThat(health.javaVersion()).isEmpty();
        assertThat(health.masterState()).isNull();
        assertThat(health.active()).isTrue();
    }

    @Test
    void aQueryThatIsNotASuccessIsRefused() throws Exception {
        String internal = "{\"code\":\"CMD_PROCESS_INTERNAL_ERROR\",\"message\":\"m\"}";

        assertThat(http(new Command.QueryHealth(), internal)).isEqualTo(new QueryRefused(ID, "m"));
        assertThat(http(new Command.QueryModules(), internal)).isEqualTo(new QueryRefused(ID, "m"));
        assertThat(http(new Command.QueryModules(), "{\"code\":\"FAILED\"}"))
                .isEqualTo(new QueryRefused(ID, "FAILED"));
        assertThat(mqtt("health", internal)).isEqualTo(new QueryRefused(ID, "m"));
        assertThat(mqtt("biz", internal)).isEqualTo(new QueryRefused(ID, "m"));
    }

    @Test
    void theLatestRecordTellsTimeAndMessage() throws Exception {
        assertThat(
                        list(
                                """
                                [{"bizName":"biz","bizVersion":"1","bizState":"broken",
                                  "bizStateRecords":[
                                   {"changeTime":2000,"message":"why\\n\\tat x","state":"broken"},
                                   {"changeTime":1000,"message":"","state":"resolved"}]}]\
                                """))
                .containsExactly(status(ModuleState.BROKEN, 2000, "why\n\tat x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{},{}]", "[]", "null", "\"x\"", "[null,1]", "[{\"changeTime\":-5}]"})
    void recordsOfOldRuntimesSayNothing(String records) throws Exception {
        String module = "{\"bizName\":\"biz\",\"bizVersion\":\"1\",\"bizState\":\"ACTIVATED\",";

        assertThat(list("[" + module + "\"bizStateRecords\":" + records + "}]"))
                .containsExactly(ModuleStatus.of(BIZ, ModuleState.ACTIVATED));
    }

    @Test
    void aTimeThatCannotBeWrittenAsTextIsNoTime() throws Exception {
        assertThat(
                        list(
                                """
                                [{"bizName":"biz","bizVersion":"1","bizState":"activated",
                                  "bizStateRecords":[{"changeTime":9223372036854775807}]}]\
                                """))
                .containsExactly(ModuleStatus.of(BIZ, ModuleState.ACTIVATED));
    }

    @Test
    void entriesThatNameNoModuleAreLeftOut() throws Exception {
        assertThat(
                        list(
                                """
                                [null,1,"x",[],{},{"bizName":"a"},{"bizVersion":"1"},
                                 {"bizName":"","bizVersion":"1"},{"bizName":"a","bizVersion":{}},
                                 {"bizName":"biz","bizVersion":1,"bizState":"strange"}]\
                                """))
                .containsExactly(ModuleStatus.of(BIZ, ModuleState.UNKNOWN));
    }

    @Test
    void simpleBizIsABareList() throws Exception {
        String latest =
                """
                [{"name":"biz","version":"1","state":"activated","latestStateRecord":
                  {"changeTime":2000,"message":"m","reason":"STARTED","state":"ACTIVATED"}}]\
                """;
        String withoutRecord = "[{\"name\":\"biz\",\"version\":\"1\",\"state\":\"resolved\"}]";

        assertThat(mqtt("simpleBiz", latest))
                .isEqualTo(reported(status(ModuleState.ACTIVATED, 2000, "m")));
        assertThat(mqtt("simpleBiz", withoutRecord))
                .isEqualTo(reported(ModuleStatus.of(BIZ, ModuleState.RESOLVED)));
        assertThat(mqtt("simpleBiz", "[]")).isEqualTo(reported());
    }

    @Test
    void runtimesBefore132SendTheWholeAnswerOnBiz() throws Exception {
        assertThat(
                        mqtt(
                                "biz",
                                """
                                {"code":"SUCCESS","data":[{"bizName":"biz","bizVersion":"1",
                                 "bizState":"ACTIVATED","bizStateRecords":[{},{}]}]}\
                                """))
                .isEqualTo(reported(ModuleStatus.of(BIZ, ModuleState.ACTIVATED)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"data\":null", ",\"data\":{}", ",\"data\":\"[]\""})
    void aMissingListIsNotAnEmptyOne(String data) {
        String body = "{\"code\":\"SUCCESS\"" + data + "}";

        assertThatThrownBy(() -> http(new Command.QueryModules(), body))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("the answer has no list of modules");
        assertThatThrownBy(() -> mqtt("simpleBiz", "{}"))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void aBatchAnswersForEachUrlThatItTells() throws Exception {
        String installed = "{\"bizName\":\"biz\",\"bizVersion\":\"1\",\"bizState\":\"ACTIVATED\"}";
        BatchAnswered batch =
                (BatchAnswered)
                        mqtt(
                                "batchInstallBizResponse",
                                """
                                {"command":"batchInstallBiz","response":{"code":"FAILED","data":{
                                 "bizUrlToResponse":{"u1":{"code":"FAILED","message":"why"},
                                 "u2":null,"u3":[],"u4":{"code":"REPEAT_BIZ","bizInfos":null},
                                 "u6":{"code":"SUCCESS","bizInfos":[null,%s]}}}}}\
                                """
                                        .formatted(installed));

        assertThat(batch.answers().keySet()).containsExactlyInAnyOrder("u1", "u4", "u6");
        assertThat(batch.answers().get("u1"))
                .isEqualTo(new Answer.Failed("why", "why", Answer.Failure.OTHER));
        assertThat(batch.answers().get("u4")).isEqualTo(new Answer.AlreadyThere());
        assertThat(batch.answers().get("u6"))
                .isEqualTo(new Answer.Done(List.of(ModuleStatus.of(BIZ, ModuleState.ACTIVATED))));
        assertThat(mqtt("batchInstallBizResponse", "{\"response\":{\"code\":\"FAILED\"}}"))
                .isEqualTo(new BatchAnswered(ID, Map.of()));
    }

    @Test
    void helpListsTheCommandsThatABaseKnows() throws Exception {
        assertThat(
                        http(
                                new Command.QueryCommands(),
                                """
                                {"code":"SUCCESS","data":[{"id":"help","desc":"d"},{"id":7},null,
                                 {"desc":"x"},{"id":"batchInstallBiz"}]}\
                                """))
                .isEqualTo(new CommandsReported(ID, Set.of("help", "7", "batchInstallBiz")));
    }

    private BaseHealth health(String healthData) throws MalformedMessageException {
        String body = "{\"code\":\"SUCCESS\",\"data\":{\"healthData\":" + healthData + "}}";
        BaseHealth overHttp = healthIn(http(new Command.QueryHealth(), body));
        assertThat(healthIn(mqtt("health", body))).isEqualTo(overHttp);
        return overHttp;
    }

    private static BaseHealth healthIn(TunnelEvent event) {
        return assertThat(event).asInstanceOf(type(HealthReported.class)).actual().health();
    }

    private List<ModuleStatus> list(String list) throws MalformedMessageException {
        String body = "{\"code\":\"SUCCESS\",\"data\":" + list + "}";
        return assertThat(http(new Command.QueryModules(), body))
                .asInstanceOf(type(ModulesReported.class))
                .actual()
                .modules();
    }

    private static ModuleStatus status(ModuleState state, long changedAt, String message) {
        return new ModuleStatus(BIZ, state, Optional.of(Instant.ofEpochMilli(changedAt)), message);
    }

    private static ModulesReported reported(ModuleStatus... modules) {
        return new ModulesReported(ID, List.of(modules));
    }

    private TunnelEvent.OfBase http(Command command, String body) throws MalformedMessageException {
        return codec.decodeHttp(ID, command, body.getBytes(StandardCharsets.UTF_8));
    }

    private TunnelEvent.OfBase mqtt(String topic, String data) throws MalformedMessageException {
        String payload = "{\"publishTimestamp\":1,\"data\":" + data + "}";
        return codec.decodeMqtt(ID, topic, payload.getBytes(StandardCharsets.UTF_8));
    }
}
