package io.koupleless.controller.arklet;

import io.koupleless.controller.tunnel.Answer;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the answer to a batch: {@code data.bizUrlToResponse} has an item for each URL, which is
 * like the {@code data} of a single answer; when one artifact could not be downloaded there is
 * none.
 */
final class BatchReader {
    private BatchReader() {}

    static Map<String, Answer> answers(WireValue response) throws MalformedMessageException {
        if (!response.isObject()) {
            throw new MalformedMessageException("the batch has no response");
        }
        Map<String, Answer> answers = new HashMap<>();
        response.get("data")
                .get("bizUrlToResponse")
                .fields((url, item) -> {
                    if (item.isObject()) {
                        answers.put(url, AnswerReader.item(item));
                    }
                });
        return answers;
    }
}
