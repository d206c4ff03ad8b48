package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.tunnel.Answer.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureRulesTest {
    private static final String MODEL = "\n\tat com.alipay.sofa.ark.container.model.BizModel.";
    private static final String START =
            MODEL + "doStart(BizModel.java:353)" + MODEL + "start(BizModel.java:323)";

    @ParameterizedTest
    @CsvSource({
        "PULL, java.io.FileNotFoundException: /nope/x.jar (No such file or directory)",
        "PULL, java.net.ConnectException: Connection refused",
        "PULL, java.net.UnknownHostException: nowhere",
        "PULL_TIMEOUT, java.net.SocketTimeoutException: Read timed out",
        "PULL, java.net.NoRouteToHostException: No route to host",
        "PULL, java.net.SocketException: Connection reset",
        "PULL, javax.net.ssl.SSLHandshakeException: PKIX path building failed",
        "PULL, java.io.IOException: Server returned HTTP response code: 503 for URL: http://x/y",
        "PULL, java.util.zip.ZipException: zip END header not found",
        "PULL, java.lang.IllegalArgumentException: Biz Name must not be empty!",
        "PULL, refresh biz info from jar failed: /nope (No such file or directory)",
        "CONTEXT_PATH, java.lang.IllegalArgumentException: Child name [biz1] is not unique",
        "URL, java.net.MalformedURLException: no protocol: /x.jar",
        "URL, java.net.MalformedURLException: unknown protocol: oss",
        "URL, no protocol: x",
        "METASPACE, Metaspace",
        "METASPACE, Compressed class space",
        "METASPACE, java.lang.OutOfMemoryError: Metaspace",
        "METASPACE, java.lang.OutOfMemoryError: Compressed class space",
        "DISK, java.io.IOException: No space left on device",
        "REQUEST, bizUrl should not be blank",
        "REQUEST, bizName and bizVersion should be both blank or both not blank.",
        "MODULE, java.lang.reflect.InvocationTargetException",
        "OTHER, Master biz must not be uninstalled.",
        "OTHER, java.lang.OutOfMemoryError: Java heap space",
        "OTHER, about the Metaspace in general",
        "OTHER, please follow the doc"
    })
    void theWordsTellTheFailureOverEitherTransport(Failure failure, String words) {
        assertThat(classify("Internal Error: " + words, "a.ArkletRuntimeException: " + words))
                .isEqualTo(failure);
        assertThat(classify(words, "")).isEqualTo(failure);
        assertThat(classify("", "a.X: m\n\tat a.B.c(B.java:1)\nCaused by: " + words))
                .isEqualTo(failure);
    }

    @ParameterizedTest
    @CsvSource({
        "java.net.ConnectException: Connection refused",
        "java.io.FileNotFoundException: config.yaml",
        "java.net.MalformedURLException: no protocol: x",
        "java.lang.IllegalArgumentException: name should not be blank",
        "java.lang.IllegalStateException: refuses"
    })
    void whatGoesWrongInsideAStartIsTheModules(String deep) {
        String wrapped = "java.lang.reflect.InvocationTargetException";

        assertThat(classify("Internal Error: " + wrapped, "a.X: y\nCaused by: " + deep))
                .isEqualTo(Failure.MODULE);
        assertThat(classify("m", "a.X: y\nCaused by: " + wrapped + START + "\nCaused by: " + deep))
                .isEqualTo(Failure.MODULE);
        assertThat(classify("Internal Error: " + deep, "a.X: y" + START)).isEqualTo(Failure.MODULE);
    }

    @ParameterizedTest
    @CsvSource({
        "METASPACE, java.lang.OutOfMemoryError: Metaspace",
        "DISK, java.io.IOException: No space left on device"
    })
    void whatTheJvmLacksIsNotTheModules(Failure failure, String deep) {
        assertThat(
                        classify(
                                "Internal Error: java.lang.reflect.InvocationTargetException",
                                "a.X: y" + START + "\nCaused by: " + deep))
                .isEqualTo(failure);
    }

    @ParameterizedTest
    @CsvSource({
        "java.net.ConnectException.<init>(ConnectException.java:1)",
        "org.example.ZipException.of(ZipException.java:2)"
    })
    void framesOfATraceAreNotWords(String frame) {
        assertThat(classify("m", "a.X: m\n\tat " + frame)).isEqualTo(Failure.OTHER);
    }

    @Test
    void noWordsAreSomeOtherFailure() {
        assertThat(classify("", "")).isEqualTo(Failure.OTHER);
    }

    private static Failure classify(String message, String detail) {
        return FailureRules.classify(new FailureWords(message, detail));
    }
}
