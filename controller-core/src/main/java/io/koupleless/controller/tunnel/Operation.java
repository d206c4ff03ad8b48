package io.koupleless.controller.tunnel;

/** The two commands that change a module. */
public enum Operation {
    INSTALL,
    UNINSTALL
}
