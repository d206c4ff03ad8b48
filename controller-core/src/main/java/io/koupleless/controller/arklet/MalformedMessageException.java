package io.koupleless.controller.arklet;

import java.io.Serial;

/** A message that cannot be used; it says what is wrong and never repeats the payload. */
public final class MalformedMessageException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
