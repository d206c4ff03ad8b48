package io.koupleless.controller.testkit.base;

import io.koupleless.controller.testkit.process.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a base is run.
 *
 * @param broker empty for a base without a tunnel of its own, which answers over HTTP alone
 * @param jvmFlags added after our own, so that they win
 * @param directory for its log, which stays, and its temporary files, which do not
 */
public record SampleBaseOptions(
        BaseMetadata metadata,
        Optional<BrokerAddress> broker,
        Ports ports,
        List<String> jvmFlags,
        Path directory) {
    public SampleBaseOptions {
        jvmFlags = List.copyOf(jvmFlags);
    }

    /** Where a base serves web pages, its own and its modules', and where arklet listens. */
    public record Ports(int web, int arklet) {
        public static Ports free() {
            return new Ports(FreePorts.next(), FreePorts.next());
        }
    }

    /** Joins over MQTT, on free ports. */
    public static SampleBaseOptions of(String identity, BrokerAddress broker, Path directory) {
        return onFreePorts(identity, Optional.of(broker), directory);
    }

    /** Joins nobody by itself: whoever wants it asks arklet's port. */
    public static SampleBaseOptions overHttp(String identity, Path directory) {
        return onFreePorts(identity, Optional.empty(), directory);
    }

    private static SampleBaseOptions onFreePorts(
            String identity, Optional<BrokerAddress> broker, Path directory) {
        return new SampleBaseOptions(
                BaseMetadata.of(identity), broker, Ports.free(), List.of(), directory);
    }

    public SampleBaseOptions metadata(BaseMetadata other) {
        return new SampleBaseOptions(other, broker, ports, jvmFlags, directory);
    }

    public SampleBaseOptions on(Ports others) {
        return new SampleBaseOptions(metadata, broker, others, jvmFlags, directory);
    }

    /** The same with more JVM flags. */
    public SampleBaseOptions with(String... flags) {
        List<String> all = new ArrayList<>(jvmFlags);
        all.addAll(List.of(flags));
        return new SampleBaseOptions(metadata, broker, ports, all, directory);
    }
}
