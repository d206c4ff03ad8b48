package io.koupleless.controller.pod;

import java.util.List;

/** Where a check goes. */
public sealed interface Target {
    String host();

    int port();

    /**
     * @param host a name or an address, IPv6 without brackets
     * @param path with a leading slash; may carry a query
     */
    record Http(boolean tls, String host, int port, String path, List<Check.Header> headers)
            implements Target {
        public Http {
            headers = List.copyOf(headers);
        }
    }

    record Tcp(String host, int port) implements Target {}
}
