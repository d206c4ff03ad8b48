package io.koupleless.controller.workload;

import io.koupleless.controller.node.Taint;

/**
 * One toleration of a Pod.
 *
 * @param key empty, with {@code Exists}: every key
 * @param operator {@code Equal}, {@code Exists}, or empty for {@code Equal}
 * @param effect empty for every effect
 */
public record Toleration(String key, String operator, String value, String effect) {

    /** What is neither of the two operators tolerates nothing. */
    public boolean tolerates(Taint taint) {
        boolean effectFits = effect.isEmpty() || effect.equals(taint.effect());
        boolean keyFits = key.isEmpty() || key.equals(taint.key());
        return effectFits
                && keyFits
                && switch (operator) {
                    case "", "Equal" -> !key.isEmpty() && value.equals(taint.value());
                    case "Exists" -> true;
                    default -> false;
                };
    }
}
