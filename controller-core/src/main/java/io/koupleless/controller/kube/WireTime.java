package io.koupleless.controller.kube;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times as Kubernetes writes them: {@code Time} in whole seconds, {@code MicroTime} in micros. */
final class WireTime {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private WireTime() {}

    static String seconds(Instant time) {
        return SECONDS.format(time);
    }

    /** Exactly six fraction digits: the API server refuses more and fewer. */
    static String micros(Instant time) {
        return MICROS.format(time);
    }

    static Instant read(@Nullable OffsetDateTime time) {
        return find(time).orElse(Instant.EPOCH);
    }

    static Optional<Instant> find(@Nullable OffsetDateTime time) {
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }
}
