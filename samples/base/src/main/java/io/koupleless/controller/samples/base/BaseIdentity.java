package io.koupleless.controller.samples.base;

import com.alibaba.fastjson.JSONObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who this base says it is, taken from the system properties {@code base.*}.
 *
 * <p>Not arklet's BaseMetadataHook: that of 2.1.6 knows a name and a version, but neither identity nor cluster.
 */
record BaseIdentity(
        String identity,
        String name,
        String version,
        String clusterName,
        String env,
        String localIp,
        String localHostName,
        Map<String, String> labels) {

    static final String PROPERTY = "base.identity";

    static BaseIdentity fromSystemProperties() {
        InetAddress address = localAddress();
        String ip = System.getProperty("base.ip", address.getHostAddress());
        return new BaseIdentity(
                System.getProperty(PROPERTY, ip),
                System.getProperty("base.name", "base"),
                System.getProperty("base.version", "1.0.0"),
                System.getProperty("base.cluster-name", "default"),
                System.getProperty("base.env", "dev").toLowerCase(Locale.ROOT),
                ip,
                System.getProperty("base.host-name", address.getHostName()),
                labels(System.getProperty("base.labels", "")));
    }

    /** Written as {@code key=value,key=value}. */
    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                labels.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
            }
        }
        return labels;
    }

    /** The form in which heartbeats and baseline queries carry it. */
    JSONObject metadata() {
        JSONObject metadata =
                new JSONObject()
                        .fluentPut("identity", identity)
                        .fluentPut("name", name)
                        .fluentPut("version", version)
                        .fluentPut("clusterName", clusterName);
        // Arklet has no such field; whoever does not know it passes it over.
        return labels.isEmpty() ? metadata : metadata.fluentPut("labels", labels);
    }

    private static InetAddress localAddress() {
        try {
            return InetAddress.getLocalHost();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress();
        }
    }
}
