package io.koupleless.controller.tunnel.mqtt;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the broker, as Paho needs it:
 *
 * <ul>
 *   <li>without Nagle's algorithm, with which whoever both publishes and acknowledges waits some 20
 *       ms per message;
 *   <li>with TLS, if wanted, made within {@link #connect};
 *   <li>patient: its end is told only when it has grown up. Paho starts its threads one after the
 *       other and waits until each is seen running; one that has met the end before that leaves the
 *       starting thread waiting for ever, a thread lost with each attempt.
 * </ul>
 */
final class BrokerSocket extends Socket {
    private final @Nullable TlsSockets tls;
    private final GrownUp grownUp;
    private final Socket raw = new Socket();
    private volatile Socket top = raw;

    BrokerSocket(@Nullable TlsSockets tls, GrownUp grownUp) {
        this.tls = tls;
        this.grownUp = grownUp;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        raw.setTcpNoDelay(true);
        raw.connect(endpoint, timeoutMillis);
        if (tls != null && endpoint instanceof InetSocketAddress address) {
            raw.setSoTimeout(timeoutMillis);
            top = tls.over(raw, address.getHostString(), address.getPort());
        }
        grownUp.born();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new PatientInput(top.getInputStream(), grownUp);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return top.getOutputStream();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        raw.setSoTimeout(millis);
    }

    @Override
    public void shutdownInput() throws IOException {
        raw.shutdownInput();
    }

    @Override
    public void close() throws IOException {
        top.close();
    }

    private static final class PatientInput extends FilterInputStream {
        private final GrownUp grownUp;

        PatientInput(InputStream in, GrownUp grownUp) {
            super(in);
            this.grownUp = grownUp;
        }

        @Override
        public int read() throws IOException {
            return told(in::read);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return told(() -> in.read(bytes, offset, length));
        }

        private int told(Reading reading) throws IOException {
            try {
                int read = reading.read();
                if (read < 0) {
                    grownUp.await();
                }
                return read;
            } catch (SocketTimeoutException e) {
                throw e; // nothing has come yet, which is no end
            } catch (IOException e) {
                grownUp.await();
                throw e;
            }
        }
    }

    @FunctionalInterface
    private interface Reading {
        int read() throws IOException;
    }
}
