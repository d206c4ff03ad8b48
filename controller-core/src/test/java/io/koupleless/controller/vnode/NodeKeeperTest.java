package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.node.Capacity;
import io.koupleless.controller.node.CarriedKeys;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.NodeTemplate;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeKeeperTest {
    private final NodeKeeper keeper =
            new NodeKeeper(
                    new NodeTemplate(
                            "test",
                            new Capacity(100, 10, "4Gi", 0),
                            new CarriedKeys(List.of()),
                            Place.UNKNOWN),
                    At.TIMES,
                    At.seconds(0));

    private static ObservedNode node(String version) {
        NodeStatus nothing = new NodeStatus(List.of(), Map.of(), Map.of(), "");
        return new ObservedNode("node", "uid", version, Map.of(), Map.of(), List.of(), nothing);
    }

    private List<Effect> deletes(double seconds) {
        Outbox out = new Outbox();
        keeper.delete(out, At.seconds(seconds));
        return out.effects();
    }

    @Test
    void aDeleteThatSomebodyElsesWriteForestalledIsRepeatedAtOnce() {
        keeper.seen(Optional.of(node("7")));
        assertThat(deletes(1)).containsExactly(new Effect.DeleteNode("uid", "7"));
        keeper.finished(new Effect.DeleteNode("uid", "7"), new Outcome.Conflict(), At.seconds(1.1));
        keeper.seen(Optional.of(node("8")));

        assertThat(deletes(1.2)).isEmpty();
        assertThat(deletes(1.4)).containsExactly(new Effect.DeleteNode("uid", "8"));
    }
}
