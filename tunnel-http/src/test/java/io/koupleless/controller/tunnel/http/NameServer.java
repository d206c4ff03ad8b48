package io.koupleless.controller.tunnel.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name server that speaks DNS over UDP and TCP on port 53: IPv4 addresses out of a file, one name
 * with its addresses a line, which is read for each question. It says that a name does not exist,
 * that there is more than a datagram holds, and nothing at all while the file is missing.
 */
final class NameServer {
    private static final int PORT = 53;
    private static final int HEADER_BYTES = 12;
    private static final int DATAGRAM_BYTES = 512;
    private static final int RESPONSE = 0x8580; // authoritative, recursion asked for and available
    private static final int TRUNCATED = 0x0200;
    private static final int NO_SUCH_NAME = 3;
    private static final int TYPE_A = 1;

    private final Path zone;
    private final InetAddress address;

    NameServer(Path zone, InetAddress address) {
        this.zone = zone;
        this.address = address;
    }

    /** Answers until its threads end with the process. */
    void start() throws IOException {
        DatagramSocket datagrams = new DatagramSocket(PORT, address);
        ServerSocket streams = new ServerSocket();
        streams.bind(new InetSocketAddress(address, PORT));
        Thread.ofPlatform().daemon().start(() -> overUdp(datagrams));
        Thread.ofPlatform().daemon().start(() -> overTcp(streams));
    }

    private void overUdp(DatagramSocket socket) {
        while (true) {
            try {
                DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
                socket.receive(packet);
                byte[] question = new byte[packet.getLength()];
                System.arraycopy(packet.getData(), 0, question, 0, question.length);
                Optional<byte[]> answer = answer(question, DATAGRAM_BYTES);
                if (answer.isPresent()) {
                    packet.setData(answer.get());
                    socket.send(packet);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void overTcp(ServerSocket server) {
        while (true) {
            try (Socket socket = server.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                while (true) { // whoever asks sends all its questions, and ends
                    byte[] question = new byte[in.readUnsignedShort()];
                    in.readFully(question);
                    Optional<byte[]> answer = answer(question, 0xffff);
                    if (answer.isPresent()) {
                        int length = answer.get().length;
                        socket.getOutputStream()
                                .write(
                                        ByteBuffer.allocate(Short.BYTES + length)
                                                .putShort((short) length)
                                                .put(answer.get())
                                                .array());
                    }
                }
            } catch (IOException e) {
                // whoever asked has left
            }
        }
    }

    private Optional<byte[]> answer(byte[] question, int most) throws IOException {
        if (!Files.exists(zone)) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(question).position(HEADER_BYTES);
        List<String> labels = new ArrayList<>();
        for (int length = in.get(); length > 0; length = in.get()) {
            byte[] label = new byte[length];
            in.get(label);
            labels.add(new String(label, StandardCharsets.US_ASCII));
        }
        int type = in.getShort();
        int questionEnd = in.getShort() == 1 ? in.position() : question.length;
        Optional<List<InetAddress>> known = addresses(String.join(".", labels));
        List<InetAddress> told = type == TYPE_A ? known.orElse(List.of()) : List.of();
        boolean tooMany = questionEnd + 16 * told.size() > most;

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2); // its id
        out.writeShort(RESPONSE | (tooMany ? TRUNCATED : 0) | (known.isEmpty() ? NO_SUCH_NAME : 0));
        out.writeShort(1);
        out.writeShort(tooMany ? 0 : told.size());
        out.writeInt(0);
        out.write(question, HEADER_BYTES, questionEnd - HEADER_BYTES);
        for (InetAddress each : tooMany ? List.<InetAddress>of() : told) {
            out.writeShort(0xc000 | HEADER_BYTES); // the name of the question
            out.writeShort(TYPE_A);
            out.writeShort(1);
            out.writeInt(1); // second
            out.writeShort(4);
            out.write(each.getAddress());
        }
        return Optional.of(bytes.toByteArray());
    }

    private Optional<List<InetAddress>> addresses(String name) throws IOException {
        return Files.readAllLines(zone).stream()
                .map(line -> List.of(line.split(" ")))
                .filter(line -> line.getFirst().equalsIgnoreCase(name))
                .map(line -> line.stream().skip(1).map(InetAddress::ofLiteral).toList())
                .findFirst();
    }
}
