package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {
    private static ModuleEntry entry(ModuleRef ref, EntryState state) {
        return new ModuleEntry(
                ref,
                new ModuleRef(ref.name(), ref.version() + "-real"),
                state,
                new PodRef("shop", "biz1-x", "u1"),
                "abc",
                "ff00",
                Instant.parse("2026-01-02T03:04:05.123456789Z"));
    }

    @ParameterizedTest
    @EnumSource(EntryState.class)
    void whatIsWrittenIsReadAgain(EntryState state) {
        ModuleRef ref = new ModuleRef("biz1", "1.0:odd");
        BaseRecord record =
                new BaseRecord(
                        3,
                        Optional.of(Instant.parse("2026-01-01T00:00:00.5Z")),
                        Map.of(
                                ref,
                                entry(ref, state),
                                new ModuleRef("biz2", "1"),
                                entry(new ModuleRef("biz2", "1"), EntryState.INSTALLED)));

        assertThat(RecordJson.read(RecordJson.write(record))).contains(record);
    }

    @Test
    void anEmptyRecordIsReadAgain() {
        assertThat(RecordJson.read(RecordJson.write(BaseRecord.EMPTY))).contains(BaseRecord.EMPTY);
    }

    @Test
    void theTextIsOneThatALaterReleaseCanRelyOn() {
        ModuleRef ref = new ModuleRef("biz1", "1");
        BaseRecord record =
                new BaseRecord(1, Optional.empty(), Map.of(ref, entry(ref, EntryState.INSTALLING)));

        assertThat(RecordJson.write(record))
                .isEqualTo(
                        "{\"version\":1,\"generation\":1,\"modules\":["
                                + "{\"module\":{\"name\":\"biz1\",\"version\":\"1\"},"
                                + "\"installed\":{\"name\":\"biz1\",\"version\":\"1-real\"},"
                                + "\"state\":\"installing\","
                                + "\"owner\":{\"namespace\":\"shop\",\"name\":\"biz1-x\","
                                + "\"uid\":\"u1\"},\"revision\":\"abc\",\"urlHash\":\"ff00\","
                                + "\"sentAt\":\"2026-01-02T03:04:05.123456789Z\"}]}");
    }

    @Test
    void fieldsOfALaterReleaseArePassedOver() {
        assertThat(RecordJson.read("{\"version\":1,\"generation\":2,\"modules\":[],\"later\":{}}"))
                .contains(new BaseRecord(2, Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"version\":2,\"generation\":1,\"modules\":[]}",
                "{\"version\":1,\"modules\":[]}",
                "{\"version\":1,\"generation\":\"x\",\"modules\":[]}",
                "{\"version\":1,\"generation\":1,\"modules\":[{}]}",
                "{\"version\":1,\"generation\":1,\"processStart\":\"today\",\"modules\":[]}"
            })
    void whatIsNoRecordIsNone(String text) {
        assertThat(RecordJson.read(text)).isEmpty();
    }
}
