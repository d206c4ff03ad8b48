package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.SampleBase;
import java.util.List;

/** Overhears what the controller commands, from the moment it was made. */
interface CommandTap extends AutoCloseable {

    /** One {@code installBiz} or {@code uninstallBiz} as it was sent. */
    record Sent(String base, String command, String payload) {
        boolean isAbout(String module) {
            return payload.contains("\"bizName\":\"" + module + "\"");
        }
    }

    List<Sent> all();

    @Override
    void close();

    /** Commands for that base so far. */
    default List<Sent> to(SampleBase base) {
        return all().stream().filter(sent -> sent.base().equals(base.identity())).toList();
    }

    /** Commands of that kind for that base and module so far. */
    default long count(String base, String command, String module) {
        return all().stream()
                .filter(sent -> sent.base().equals(base))
                .filter(sent -> sent.command().equals(command))
                .filter(sent -> sent.isAbout(module))
                .count();
    }

    default long count(SampleBase base, String command, String module) {
        return count(base.identity(), command, module);
    }
}
