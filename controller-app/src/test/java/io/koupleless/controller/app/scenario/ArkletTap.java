package io.koupleless.controller.app.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before arklet's port, passes every byte on as it comes, and notes what was asked. A
 * connection that arklet refuses is reset.
 */
final class ArkletTap implements AutoCloseable {
    private static final int CHUNK = 8_192;

    /** One request whose body came. */
    record Request(String command, String body) {
        /** Empty if these bytes are no whole request. */
        static List<Request> of(String bytes) {
            int end = bytes.indexOf("\r\n\r\n");
            return bytes.startsWith("POST /") && end >= 0 && bytes.length() > end + 4
                    ? List.of(
                            new Request(
                                    bytes.substring("POST /".length(), bytes.indexOf(' ', 6)),
                                    bytes.substring(end + 4)))
                    : List.of();
        }
    }

    private final ServerSocket server;
    private final InetSocketAddress arklet;
    private final List<StringBuilder> conversations = new CopyOnWriteArrayList<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    private ArkletTap(ServerSocket server, InetSocketAddress arklet) {
        this.server = server;
        this.arklet = arklet;
    }

    static ArkletTap before(int arkletPort) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            ArkletTap tap =
                    new ArkletTap(
                            new ServerSocket(0, 50, loopback),
                            new InetSocketAddress(loopback, arkletPort));
            tap.executor.execute(tap::accept);
            return tap;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** In the order in which their connections were made. */
    List<Request> requests() {
        return conversations.stream().flatMap(c -> Request.of(text(c)).stream()).toList();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        executor.shutdownNow();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                executor.execute(() -> passOn(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void passOn(Socket caller) {
        try (caller;
                Socket base = new Socket()) {
            connect(base, caller);
            executor.execute(() -> listen(caller, base));
            base.getInputStream().transferTo(caller.getOutputStream());
        } catch (IOException ended) {
            // so does the conversation
        }
    }

    private void connect(Socket base, Socket caller) throws IOException {
        try {
            base.connect(arklet);
        } catch (IOException refused) {
            caller.setSoLinger(true, 0);
            throw refused;
        }
    }

    private void listen(Socket caller, Socket base) {
        StringBuilder conversation = new StringBuilder();
        conversations.add(conversation);
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = caller.getInputStream();
            OutputStream out = base.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                append(conversation, chunk, read);
                out.write(chunk, 0, read);
            }
        } catch (IOException ended) {
            // one of them has closed it
        }
        closeQuietly(base);
    }

    private static void append(StringBuilder conversation, byte[] chunk, int length) {
        synchronized (conversation) {
            conversation.append(new String(chunk, 0, length, StandardCharsets.ISO_8859_1));
        }
    }

    private static String text(StringBuilder conversation) {
        synchronized (conversation) {
            return conversation.toString();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
