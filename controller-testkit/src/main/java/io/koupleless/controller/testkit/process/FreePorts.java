package io.koupleless.controller.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback address that nobody listens on, taken from below the range that outgoing
 * connections use, and never handed out twice: whoever listens on the first port of a slice of that
 * range owns the slice, so that JVMs that test at the same time do not meet, even where a port is
 * used long after it was handed out or is free for a moment.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int SLICE = 100;
    private static final int SLICES = 100;

    /** Open until this JVM ends. */
    private static final List<ServerSocket> OWNED = new ArrayList<>();

    private static final Queue<Integer> LEFT = new ArrayDeque<>();

    private FreePorts() {}

    public static synchronized int next() {
        while (true) {
            if (LEFT.isEmpty()) {
                ownAnotherSlice();
            }
            int port = LEFT.remove();
            if (isFree(port)) {
                return port;
            }
        }
    }

    private static void ownAnotherSlice() {
        int begin = ThreadLocalRandom.current().nextInt(SLICES);
        for (int i = 0; i < SLICES; i++) {
            int first = FIRST + (begin + i) % SLICES * SLICE;
            if (own(first)) {
                for (int port = first + 1; port < first + SLICE; port++) {
                    LEFT.add(port);
                }
                return;
            }
        }
        throw new IllegalStateException(
                "no free ports from %d to %d".formatted(FIRST, FIRST + SLICE * SLICES - 1));
    }

    private static boolean own(int port) {
        try {
            OWNED.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Nobody listens there, on any address. */
    public static boolean isFree(int port) {
        return canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                && canBind(new InetSocketAddress(port));
    }

    private static boolean canBind(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
