package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Jars by their URL, which tells what the manifest says. */
final class Jars {
    private static final Pattern CALLED = Pattern.compile(".*/as/([^/]+)/[^/]+\\.jar");

    private Jars() {}

    static String right(ModuleRef ref, int build) {
        return "http://repo/%s/%s/%d.jar".formatted(ref.name(), ref.version(), build);
    }

    /** Its manifest names another version than the one that is asked for. */
    static String wrong(ModuleRef ref, String version, int build) {
        return "http://repo/%s/%s/as/%s/%d.jar"
                .formatted(ref.name(), ref.version(), version, build);
    }

    /** What the base will call it. */
    static ModuleRef manifest(ModuleRef asked, String url) {
        Matcher called = CALLED.matcher(url);
        return called.matches() ? new ModuleRef(asked.name(), called.group(1)) : asked;
    }
}
