package io.koupleless.controller.testkit.tunnel;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Modules that a base installs together: what became of each, told when the last has ended. */
final class Batch {
    private final int size;
    private final Consumer<Map<String, Object>> whenOver;
    private final Map<String, Object> items = new TreeMap<>();
    private boolean begun;

    Batch(Set<String> urls, Consumer<Map<String, Object>> whenOver) {
        this.size = urls.size();
        this.whenOver = whenOver;
    }

    /** Every install of it has been begun. */
    void begun() {
        begun = true;
        tellIfOver();
    }

    void ended(String url, Map<String, Object> item) {
        items.put(url, item);
        tellIfOver();
    }

    private void tellIfOver() {
        if (begun && items.size() == size) {
            whenOver.accept(items);
        }
    }
}
