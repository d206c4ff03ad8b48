package io.koupleless.controller.arklet;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a base says about modules. {@code simpleBiz} spells {@code name}, {@code version},
 * {@code state} and {@code latestStateRecord}; everything else spells {@code bizName}, {@code
 * bizVersion}, {@code bizState} and {@code bizStateRecords}. With a sofa-ark before 2.2.16 and
 * 3.1.9 the records are empty objects.
 */
final class ModulesReader {
    /** Before the year 10000, so that the time can be written as text everywhere. */
    private static final long LATEST = 253_402_300_799_999L;

    private ModulesReader() {}

    /** A full list; elements that name no module are left out. */
    static List<ModuleStatus> list(WireValue list) throws MalformedMessageException {
        if (!list.isList()) {
            throw new MalformedMessageException("the answer has no list of modules");
        }
        return statuses(list);
    }

    /** The {@code bizInfos} of one answer; failed and repeated installs have none. */
    static List<ModuleStatus> installed(WireValue response) {
        WireValue infos = response.get("bizInfos");
        return infos.isList() ? statuses(infos) : List.of();
    }

    static Optional<ModuleRef> ref(WireValue module) {
        String name = module.text("bizName", "name");
        String version = module.text("bizVersion", "version");
        return name.isEmpty() || version.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModuleRef(name, version));
    }

    private static List<ModuleStatus> statuses(WireValue list) {
        List<ModuleStatus> statuses = new ArrayList<>();
        list.elements()
                .forEach(module -> ref(module).ifPresent(r -> statuses.add(status(r, module))));
        return statuses;
    }

    private static ModuleStatus status(ModuleRef ref, WireValue module) {
        WireValue record = latestRecord(module);
        long changeTime = changeTime(record);
        return new ModuleStatus(
                ref,
                ModuleState.of(module.text("bizState", "state")),
                changeTime > 0 ? Optional.of(Instant.ofEpochMilli(changeTime)) : Optional.empty(),
                record.text("message"));
    }

    /** Of records with one time the later one counts: they are appended as things happen. */
    private static WireValue latestRecord(WireValue module) {
        return module.get("bizStateRecords")
                .elements()
                .reduce((a, b) -> changeTime(b) >= changeTime(a) ? b : a)
                .orElseGet(() -> module.get("latestStateRecord"));
    }

    private static long changeTime(WireValue record) {
        long time = record.count("changeTime").orElse(0);
        return time > LATEST ? 0 : time;
    }
}
