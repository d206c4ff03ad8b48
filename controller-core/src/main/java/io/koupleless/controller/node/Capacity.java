package io.koupleless.controller.node;

import io.koupleless.controller.base.BaseHealth;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a Node has room for; from figures that stand still while its base runs.
 *
 * @param pods of a base that does not say how many modules it takes
 * @param cpuOvercommit processors of the JVM times this is the cpu capacity
 * @param unlimitedMemory memory of a base whose metaspace has no limit, a quantity
 * @param metaspaceReserved bytes of metaspace that are the base's own
 */
public record Capacity(
        int pods, int cpuOvercommit, String unlimitedMemory, long metaspaceReserved) {

    Map<String, String> total(Optional<BaseHealth> health) {
        long processors = health.map(h -> h.cpuCount().orElse(1)).orElse(1L);
        String memory = memory(health);
        return Map.of(
                "pods",
                Integer.toString(pods),
                "cpu",
                Long.toString(processors * cpuOvercommit),
                "memory",
                memory,
                Labels.METASPACE,
                memory);
    }

    /**
     * @param maxModules as the Node's annotation says it, or the empty text
     */
    Map<String, String> allocatable(Optional<BaseHealth> health, String maxModules) {
        Map<String, String> allocatable = new HashMap<>(total(health));
        if (!maxModules.isEmpty()) {
            int most = Math.min(pods, Integer.parseInt(maxModules));
            allocatable.put("pods", Integer.toString(most));
        }
        long metaspace = Quantity.bytes(memory(health)) - metaspaceReserved;
        allocatable.put(Labels.METASPACE, Math.max(0, metaspace / 1024) + "Ki");
        return allocatable;
    }

    private String memory(Optional<BaseHealth> health) {
        return health.filter(h -> h.maxMetaspace().isPresent())
                .map(h -> h.maxMetaspace().getAsLong() / 1024 + "Ki")
                .orElse(unlimitedMemory);
    }
}
