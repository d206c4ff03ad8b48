package io.koupleless.controller.node;

/** Makes a legal label value of any text that a base sends. */
public final class LabelValue {
    private static final int LONGEST = 63;

    private LabelValue() {}

    /** Illegal characters become dashes, the ends are trimmed, the rest is cut at 63 characters. */
    public static String of(String text) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length() && value.length() < LONGEST; i++) {
            char c = text.charAt(i);
            value.append(legal(c) ? c : '-');
        }
        int end = value.length();
        while (end > 0 && !alphanumeric(value.charAt(end - 1))) {
            end--;
        }
        int start = 0;
        while (start < end && !alphanumeric(value.charAt(start))) {
            start++;
        }
        return value.substring(start, end);
    }

    private static boolean legal(char c) {
        return alphanumeric(c) || c == '-' || c == '_' || c == '.';
    }

    private static boolean alphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
