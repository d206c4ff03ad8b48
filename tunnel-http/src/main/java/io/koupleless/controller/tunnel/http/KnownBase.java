package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.FoundBase;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One address, and what is known of the base at it. All that can change belongs to {@link
 * BaseDirectory} and is guarded by its lock.
 */
final class KnownBase {
    private final BaseAddress address;
    private final BaseLine line;

    /** Who names the address now. */
    final Set<String> sources = new HashSet<>();

    /** What each source that has named it said last. */
    final Map<String, FoundBase> described = new LinkedHashMap<>();

    /** What the base has called itself since the last restart that was seen. */
    final Set<String> spoken = new HashSet<>();

    final long createdNanos;

    /** The name that events go out under: the first that was known. */
    @Nullable BaseId id;

    /** False from a restart that was seen until the base has said again who it is. */
    boolean confirmed;

    /** Its source has said that its process is ending. */
    boolean leaving;

    /** A heartbeat under another name, until an answer tells whether the process is the same. */
    @Nullable Base pending;

    @Nullable Base beat;
    @Nullable Base remembered;

    /** The first that this process was said to have. */
    String hostName = "";

    @Nullable Long heardNanos;
    @Nullable Long startedNanos;

    KnownBase(BaseAddress address, BaseLine line, long nowNanos) {
        this.address = address;
        this.line = line;
        this.createdNanos = nowNanos;
    }

    BaseAddress address() {
        return address;
    }

    BaseLine line() {
        return line;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
