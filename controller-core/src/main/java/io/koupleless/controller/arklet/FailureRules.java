package io.koupleless.controller.arklet;

import io.koupleless.controller.tunnel.Answer.Failure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells kinds of failure apart by their words, since arklet has no codes for them: what the whole
 * JVM lacks comes first, then a context path that is taken, then a failure inside a module's start
 * is the module's whatever exception it was, and only the rest is about the request and the jar.
 */
final class FailureRules {
    /** Messages of an OutOfMemoryError; over HTTP arklet may keep nothing else. */
    private static final List<String> METASPACE = List.of("Metaspace", "Compressed class space");

    private static final List<Rule> OF_JVM =
            List.of(
                    new Rule("OutOfMemoryError: Metaspace", Failure.METASPACE),
                    new Rule("OutOfMemoryError: Compressed class space", Failure.METASPACE),
                    new Rule("No space left on device", Failure.DISK));

    /** Of the web server, when a module starts whose path another one has. */
    private static final Pattern CONTEXT_PATH = Pattern.compile("Child name \\[.*] is not unique");

    private static final List<String> MODULE_START =
            List.of("BizModel.start", "BizModel.doStart", "MainMethodRunner.run");

    private static final List<Rule> OF_REQUEST =
            List.of(
                    new Rule("InvocationTargetException", Failure.MODULE),
                    new Rule("should not be blank", Failure.REQUEST),
                    new Rule("both blank", Failure.REQUEST),
                    new Rule("because \"input\" is null", Failure.REQUEST),
                    new Rule("MalformedURLException", Failure.URL),
                    new Rule("no protocol", Failure.URL),
                    new Rule("unknown protocol", Failure.URL),
                    new Rule("FileNotFoundException", Failure.PULL),
                    new Rule("ConnectException", Failure.PULL),
                    new Rule("UnknownHostException", Failure.PULL),
                    new Rule("NoRouteToHostException", Failure.PULL),
                    new Rule("SocketTimeoutException", Failure.PULL_TIMEOUT),
                    new Rule("SocketException", Failure.PULL),
                    new Rule("javax.net.ssl.", Failure.PULL),
                    new Rule("Server returned HTTP response code", Failure.PULL),
                    new Rule("ZipException", Failure.PULL),
                    new Rule("Biz Name must not be empty", Failure.PULL),
                    new Rule("refresh biz info from jar failed", Failure.PULL));

    private FailureRules() {}

    static Failure classify(FailureWords words) {
        List<String> headlines = words.headlines();
        if (headlines.stream().anyMatch(METASPACE::contains)) {
            return Failure.METASPACE;
        }
        Optional<Failure> ofJvm = firstMatch(OF_JVM, headlines);
        if (ofJvm.isPresent()) {
            return ofJvm.get();
        }
        if (headlines.stream().anyMatch(line -> CONTEXT_PATH.matcher(line).find())) {
            return Failure.CONTEXT_PATH;
        }
        if (MODULE_START.stream().anyMatch(words::passesThrough)) {
            return Failure.MODULE;
        }
        return firstMatch(OF_REQUEST, headlines).orElse(Failure.OTHER);
    }

    private static Optional<Failure> firstMatch(List<Rule> rules, List<String> headlines) {
        return rules.stream()
                .filter(rule -> headlines.stream().anyMatch(line -> line.contains(rule.words())))
                .map(Rule::failure)
                .findFirst();
    }

    private record Rule(String words, Failure failure) {}
}
