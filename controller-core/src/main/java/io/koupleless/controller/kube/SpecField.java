package io.koupleless.controller.kube;

import java.util.Locale;
import java.util.function.Predicate;

/**
 * One field of a spec, and what becomes of it.
 *
 * @param path as people write it, such as {@code hostNetwork}
 * @param note what it does here, or what to do instead
 * @param test {@code Class#method} of the test that shows it
 * @param asked the spec asks for something that it does not get; a default of the API server does
 *     not count
 */
record SpecField<S>(
        String path, Treatment treatment, String note, String test, Predicate<S> asked) {

    enum Treatment {
        /** It does what Kubernetes says it does, by us or by Kubernetes itself. */
        HONOURED,
        /** Nothing is lost, and nothing is said. */
        NEEDLESS,
        /** It has no effect, and one Event for each owner says so. */
        IGNORED,
        /** Running the module without it would be a lie: it is not installed. */
        REFUSED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static <S> SpecField<S> honoured(String path, String note, String test) {
        return new SpecField<>(path, Treatment.HONOURED, note, test, _ -> false);
    }

    static <S> SpecField<S> needless(String path, String note) {
        return new SpecField<>(
                path,
                Treatment.NEEDLESS,
                note,
                "SpecFieldsTest#whatIsNeedlessIsSilent",
                _ -> false);
    }

    static <S> SpecField<S> ignored(String path, String note, Predicate<S> asked) {
        return new SpecField<>(
                path,
                Treatment.IGNORED,
                note,
                "SpecFieldsTest#whatIsIgnoredIsNamedAndDefaultsAreNot",
                asked);
    }

    static <S> SpecField<S> refused(String path, String note, Predicate<S> asked) {
        return new SpecField<>(
                path, Treatment.REFUSED, note, "SpecFieldsTest#whatIsRefusedIsNotInstalled", asked);
    }

    boolean isIgnoredIn(S spec) {
        return treatment == Treatment.IGNORED && asked.test(spec);
    }

    boolean isRefusedIn(S spec) {
        return treatment == Treatment.REFUSED && asked.test(spec);
    }

    /**
     * The row in words.
     *
     * @param which of several things in the field it is about, or empty
     */
    String told(String which) {
        return path + which + ": " + note;
    }
}
