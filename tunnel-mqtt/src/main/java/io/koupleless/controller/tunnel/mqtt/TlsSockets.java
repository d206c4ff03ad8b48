package io.koupleless.controller.tunnel.mqtt;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Speaks TLS on a connected socket; checks the server's name if asked to. */
record TlsSockets(SSLContext context, boolean verify) {

    SSLSocket over(Socket connected, String host, int port) throws IOException {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(connected, name, port, true);
        try {
            if (verify) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
