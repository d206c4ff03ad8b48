package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Recorded messages with something changed: they are read or refused, and nothing else happens. */
class MutatedCapturesTest {
    private static final int MUTANTS = 3_000;
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final List<String> STRANGE =
            List.of(
                    "null",
                    "{}",
                    "[]",
                    "[null]",
                    "\"\"",
                    "\" \"",
                    "\"x\"",
                    "-1",
                    "0",
                    "1e999",
                    "1.5",
                    "99999999999999999999",
                    "true",
                    "\"\\uD83D\"",
                    "\"1e999999999\"");

    @Test
    void onlyARefusalEscapes() {
        long seed = Long.getLong("mutation.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Capture> captures =
                Capture.all().stream().filter(capture -> !capture.isRequest()).toList();
        List<Decoder> decoders = Decoder.all();
        for (int i = 0; i < MUTANTS; i++) {
            Capture capture = captures.get(random.nextInt(captures.size()));
            byte[] mutant =
                    random.nextBoolean()
                            ? changedBytes(capture.payload(), random)
                            : changedValue(capture.payload(), random);
            Decoder other = decoders.get(random.nextInt(decoders.size()));
            for (Decoder decoder : List.<Decoder>of(capture::decode, other)) {
                try {
                    decoder.decode(mutant);
                } catch (MalformedMessageException expected) {
                    // refused
                } catch (Throwable escaped) {
                    fail(
                            "-Dmutation.seed=%d, mutant %d of %s".formatted(seed, i, capture),
                            escaped);
                }
            }
        }
    }

    /** Flips, drops, doubles or cuts some bytes. */
    private static byte[] changedBytes(byte[] payload, Random random) {
        if (payload.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        byte[] bytes = payload.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(3)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes = Arrays.copyOf(bytes, at);
            default -> {
                int from = random.nextInt(bytes.length);
                int length = random.nextInt(bytes.length - Math.max(at, from));
                System.arraycopy(payload, from, bytes, at, length);
            }
        }
        return bytes;
    }

    /** Puts something strange in the place of one value, or takes it away. */
    private static byte[] changedValue(byte[] payload, Random random) {
        JsonNode root;
        try {
            root = MAPPER.readTree(payload);
        } catch (RuntimeException notJson) {
            return changedBytes(payload, random);
        }
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        if (containers.isEmpty()) {
            return changedBytes(payload, random);
        }
        JsonNode strange = MAPPER.readTree(STRANGE.get(random.nextInt(STRANGE.size())));
        switch (containers.get(random.nextInt(containers.size()))) {
            case ObjectNode object -> {
                List<String> names = List.copyOf(object.propertyNames());
                String name = names.get(random.nextInt(names.size()));
                if (random.nextInt(4) == 0) {
                    object.remove(name);
                } else {
                    object.set(name, strange);
                }
            }
            case ArrayNode array -> array.set(random.nextInt(array.size()), strange);
            default -> throw new IllegalStateException();
        }
        try {
            return MAPPER.writeValueAsBytes(root);
        } catch (RuntimeException unwritable) {
            return changedBytes(payload, random);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer() && !node.isEmpty()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }
}
