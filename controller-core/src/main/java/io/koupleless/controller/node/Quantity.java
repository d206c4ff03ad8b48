package io.koupleless.controller.node;

import java.math.BigDecimal;
import java.util.Map;

/**
 * Compares Kubernetes quantities by value: the API server writes {@code 262144Ki} back as {@code
 * 256Mi}.
 */
public final class Quantity {
    private static final Map<String, BigDecimal> UNITS =
            Map.of(
                    "Ki", new BigDecimal(1L << 10),
                    "Mi", new BigDecimal(1L << 20),
                    "Gi", new BigDecimal(1L << 30),
                    "Ti", new BigDecimal(1L << 40),
                    "m", new BigDecimal("0.001"),
                    "k", new BigDecimal(1_000),
                    "M", new BigDecimal(1_000_000),
                    "G", new BigDecimal(1_000_000_000),
                    "T", new BigDecimal(1_000_000_000_000L));

    private Quantity() {}

    /** Whole bytes, rounded down. */
    public static long bytes(String quantity) {
        return value(quantity).longValue();
    }

    /** Every wanted quantity is among the current ones with the same value. */
    public static boolean same(Map<String, String> wanted, Map<String, String> current) {
        return wanted.entrySet().stream()
                .allMatch(e -> same(e.getValue(), current.getOrDefault(e.getKey(), "")));
    }

    private static boolean same(String one, String other) {
        return one.equals(other)
                || !one.isEmpty() && !other.isEmpty() && value(one).compareTo(value(other)) == 0;
    }

    /** What cannot be read has a value that nothing else has. */
    private static BigDecimal value(String text) {
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        String unit = text.substring(end);
        try {
            BigDecimal number = new BigDecimal(text.substring(0, end));
            return unit.isEmpty()
                    ? number
                    : number.multiply(UNITS.getOrDefault(unit, BigDecimal.valueOf(-1)));
        } catch (NumberFormatException e) {
            return BigDecimal.valueOf(-text.hashCode()).add(new BigDecimal("0.5"));
        }
    }
}
