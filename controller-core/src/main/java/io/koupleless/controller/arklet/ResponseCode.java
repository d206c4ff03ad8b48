package io.koupleless.controller.arklet;

/**
 * The {@code code} of an answer: {@code SUCCESS}, {@code FAILED} (ran and said no), {@code
 * CMD_NOT_FOUND} or {@code CMD_PROCESS_INTERNAL_ERROR}; over HTTP the status is 200 for all four.
 */
record ResponseCode(String value) {

    static ResponseCode of(WireValue response) throws MalformedMessageException {
        String code = response.text("code");
        if (code.isEmpty()) {
            throw new MalformedMessageException("the answer has no code");
        }
        return new ResponseCode(code);
    }

    boolean success() {
        return value.equalsIgnoreCase("SUCCESS");
    }
}
