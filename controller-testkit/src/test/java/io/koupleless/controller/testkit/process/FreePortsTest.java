package io.koupleless.controller.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void eachIsHandedOutOnceFromASliceThatNobodyElseCanOwn() {
        List<Integer> ports = IntStream.range(0, 250).mapToObj(_ -> FreePorts.next()).toList();

        assertThat(ports).doesNotHaveDuplicates().allMatch(FreePorts::isFree);
        assertThat(ports).noneMatch(port -> FreePorts.isFree(port / 100 * 100));
    }
}
