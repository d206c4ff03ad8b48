package io.koupleless.controller.kube;

import com.google.gson.Gson;
import io.kubernetes.client.openapi.JSON;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/**
 * The official client's JSON without its generated strict adapters, which refuse every field that a
 * newer API server sends and every bookmark.
 */
final class KubeJson {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder()
                    .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
                    .append(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss"))
                    .optionalStart()
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .optionalEnd()
                    .appendLiteral("Z")
                    .toFormatter()
                    .withZone(ZoneOffset.UTC);

    private KubeJson() {}

    /** Replaces the client's process-wide JSON; may be called again. */
    static void install() {
        JSON.setGson(lenient());
    }

    static Gson lenient() {
        return JSON.createGson()
                .registerTypeAdapter(OffsetDateTime.class, new JSON.OffsetDateTimeTypeAdapter(TIME))
                .registerTypeAdapter(LocalDate.class, new JSON.LocalDateTypeAdapter())
                .registerTypeAdapter(byte[].class, new JSON.ByteArrayAdapter())
                .create();
    }
}
