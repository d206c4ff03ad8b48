package io.koupleless.controller.tunnel.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/** A request's body, as Tomcat hands it over piece by piece. */
final class BodyBytes implements ApplicationBufferHandler {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream(512);
    private ByteBuffer piece = ByteBuffer.allocate(0);

    /**
     * Takes what was read last.
     *
     * @return bytes taken so far
     */
    int takeAll() {
        while (piece.hasRemaining()) {
            int count = piece.remaining();
            if (piece.hasArray()) {
                taken.write(piece.array(), piece.arrayOffset() + piece.position(), count);
                piece.position(piece.limit());
            } else {
                byte[] bytes = new byte[count];
                piece.get(bytes);
                taken.writeBytes(bytes);
            }
        }
        return taken.size();
    }

    byte[] toByteArray() {
        return taken.toByteArray();
    }

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
        piece = buffer;
    }

    @Override
    public ByteBuffer getByteBuffer() {
        return piece;
    }

    @Override
    public void expand(int size) {
        // Tomcat brings its own buffer
    }
}
