package io.koupleless.controller.tunnel.http;

import java.io.Serial;

/** An answer came that means nothing; its message is the reason under which it is counted. */
final class UnusableAnswerException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    UnusableAnswerException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
