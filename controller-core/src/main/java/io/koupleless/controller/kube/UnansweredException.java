package io.koupleless.controller.kube;

/** A request that was part of a larger one got anything but what it asked for. */
final class UnansweredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    UnansweredException(Reply reply) {
        super(reply.toString());
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
