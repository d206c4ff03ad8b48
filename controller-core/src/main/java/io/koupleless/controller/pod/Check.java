package io.koupleless.controller.pod;

import java.util.List;

/** What is asked of a module, as its Pod says it: not yet where. */
public sealed interface Check {

    /** Where to, instead of the base's own address; empty for that. */
    String host();

    Port port();

    /**
     * Good is a status of 200 to 399.
     *
     * @param path with a leading slash as the base serves it, without one below the module's
     *     context path
     */
    record HttpGet(boolean tls, String host, Port port, String path, List<Header> headers)
            implements Check {
        public HttpGet {
            headers = List.copyOf(headers);
        }
    }

    /** Good is a connection. */
    record TcpSocket(String host, Port port) implements Check {}

    record Header(String name, String value) {}

    sealed interface Port {}

    /** Known, be it by the container's own list of ports. */
    record PortNumber(int number) implements Port {}

    /**
     * Not in the container's list of ports: a port of the base's Pod, or one that settings name.
     */
    record PortOfBase(String name) implements Port {}
}
