package io.koupleless.controller.record;

/** How far a module of ours is. */
public enum EntryState {
    /** An install was or is about to be sent. */
    INSTALLING,
    /** The base said that it is there. */
    INSTALLED,
    /** Being uninstalled, to be installed again for the recorded owner. */
    RELOADING,
    /** Being uninstalled for good. */
    REMOVING
}
