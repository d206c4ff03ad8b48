package io.koupleless.controller.module;

import java.util.Locale;

/** SOFAArk's biz states, as a base reports them. */
public enum ModuleState {
    UNRESOLVED,
    /** Known to the base and being started. */
    RESOLVED,
    ACTIVATED,
    /** Started, but another version of the same name is the active one. */
    DEACTIVATED,
    /** Failed to start and is still registered: every further install answers REPEAT_BIZ. */
    BROKEN,
    STOPPED,
    /** A spelling we do not know; treated as not ready. */
    UNKNOWN;

    /** Reads either spelling, {@code activated} or {@code ACTIVATED}; never fails. */
    public static ModuleState of(String wire) {
        String upper = wire.toUpperCase(Locale.ROOT);
        for (ModuleState state : values()) {
            if (state.name().equals(upper)) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
