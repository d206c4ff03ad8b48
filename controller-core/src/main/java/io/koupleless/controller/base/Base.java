package io.koupleless.controller.base;

/**
 * What a base declares in a heartbeat; every text may be empty when the base does not say.
 *
 * @param id identity
 * @param name {@code baseMetadata.name}
 * @param version {@code baseMetadata.version}
 * @param clusterName {@code baseMetadata.clusterName}
 * @param ip {@code localIP}, an IPv4 or IPv6 literal
 * @param hostName {@code localHostName}
 * @param port arklet's HTTP port, 0 when unknown (always 0 over MQTT)
 * @param active false when the heartbeat's {@code state} says anything but activated
 * @param traits labels, annotations and place
 */
public record Base(
        BaseId id,
        String name,
        String version,
        String clusterName,
        String ip,
        String hostName,
        int port,
        boolean active,
        BaseTraits traits) {

    /** One that has said nothing but this. */
    public Base(
            BaseId id,
            String name,
            String version,
            String clusterName,
            String ip,
            String hostName,
            int port,
            boolean active) {
        this(id, name, version, clusterName, ip, hostName, port, active, BaseTraits.NONE);
    }

    /** The same, with what it does not say taken from another sighting of the same base. */
    public Base completedBy(Base other) {
        return new Base(
                id,
                name.isEmpty() ? other.name : name,
                version.isEmpty() ? other.version : version,
                clusterName.isEmpty() ? other.clusterName : clusterName,
                ip.isEmpty() ? other.ip : ip,
                hostName.isEmpty() ? other.hostName : hostName,
                port == 0 ? other.port : port,
                active,
                traits);
    }

    public Base with(BaseTraits others) {
        return new Base(id, name, version, clusterName, ip, hostName, port, active, others);
    }
}
