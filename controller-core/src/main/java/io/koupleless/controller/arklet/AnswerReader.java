package io.koupleless.controller.arklet;

import io.koupleless.controller.tunnel.Answer;

/**
 * Reads the verdict on a command. {@code data.code} tells {@code REPEAT_BIZ} and {@code
 * NOT_FOUND_BIZ} from other refusals; a conflict has a message and no data; a failure has its stack
 * trace in {@code errorStackTrace} over HTTP and in {@code data.message} over MQTT.
 */
final class AnswerReader {
    private static final String CONFLICT = "conflict, exist unfinished command";

    private AnswerReader() {}

    static Answer read(WireValue response) throws MalformedMessageException {
        ResponseCode code = ResponseCode.of(response);
        WireValue data = response.get("data");
        String verdict = data.text("code");
        if (code.success() && (verdict.isEmpty() || verdict.equalsIgnoreCase("SUCCESS"))) {
            return isProcessRecord(data)
                    ? new Answer.Busy()
                    : new Answer.Done(ModulesReader.installed(data));
        }
        if (response.text("message").contains(CONFLICT)) {
            return new Answer.Busy();
        }
        return switch (verdict) {
            case "REPEAT_BIZ" -> new Answer.AlreadyThere();
            case "NOT_FOUND_BIZ" -> new Answer.NotThere();
            default -> failed(code.value(), response);
        };
    }

    /** One of a batch, which has the verdict in its own code. */
    static Answer item(WireValue item) {
        String code = item.text("code");
        return switch (code) {
            case "SUCCESS" -> new Answer.Done(ModulesReader.installed(item));
            case "REPEAT_BIZ" -> new Answer.AlreadyThere();
            case "NOT_FOUND_BIZ" -> new Answer.NotThere();
            default -> failed(code, item);
        };
    }

    /** What an asynchronous command is answered with: it has only begun. */
    private static boolean isProcessRecord(WireValue data) {
        return data.text("code").isEmpty()
                && !data.get("bizInfos").isList()
                && !data.text("requestId", "status").isEmpty();
    }

    private static Answer failed(String code, WireValue response) {
        String trace = response.text("errorStackTrace");
        FailureWords words =
                new FailureWords(
                        response.text("message"),
                        trace.isEmpty() ? response.get("data").text("message") : trace);
        String cause = words.cause();
        String message = words.message().isEmpty() ? cause : words.message();
        return new Answer.Failed(
                message.isEmpty() ? code : message,
                cause.isEmpty() ? code : cause,
                FailureRules.classify(words));
    }
}
