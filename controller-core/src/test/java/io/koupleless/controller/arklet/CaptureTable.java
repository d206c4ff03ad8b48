package io.koupleless.controller.arklet;

import static io.koupleless.controller.arklet.Expectation.answered;
import static io.koupleless.controller.arklet.Expectation.baselineAsked;
import static io.koupleless.controller.arklet.Expectation.batch;
import static io.koupleless.controller.arklet.Expectation.batched;
import static io.koupleless.controller.arklet.Expectation.done;
import static io.koupleless.controller.arklet.Expectation.failed;
import static io.koupleless.controller.arklet.Expectation.foreign;
import static io.koupleless.controller.arklet.Expectation.malformed;
import static io.koupleless.controller.arklet.Expectation.modules;
import static io.koupleless.controller.arklet.Expectation.partialHealth;
import static io.koupleless.controller.arklet.Expectation.refused;
import static io.koupleless.controller.arklet.Expectation.request;
import static io.koupleless.controller.arklet.Expectation.seen;
import static io.koupleless.controller.arklet.Expectation.wholeHealth;
import static io.koupleless.controller.tunnel.Answer.Failure.CONTEXT_PATH;
import static io.koupleless.controller.tunnel.Answer.Failure.MODULE;
import static io.koupleless.controller.tunnel.Answer.Failure.OTHER;
import static io.koupleless.controller.tunnel.Answer.Failure.PULL;
import static io.koupleless.controller.tunnel.Answer.Failure.REQUEST;
import static io.koupleless.controller.tunnel.Answer.Failure.URL;

import io.koupleless.controller.tunnel.Answer.AlreadyThere;
import io.koupleless.controller.tunnel.Answer.Busy;
import io.koupleless.controller.tunnel.Answer.Failed;
import io.koupleless.controller.tunnel.Answer.NotThere;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What each recorded message of a base must mean, by the name of the capture. */
final class CaptureTable {
    private static final String BIZ1 = "biz1:1.0.0 ACTIVATED";
    private static final String BIZ2 = "biz2:1.0.0 ACTIVATED";
    private static final String BAD = "bizbad:1.0.0 ACTIVATED";
    private static final String BAD_CAUSE =
            "java.lang.IllegalStateException: bizbad refuses to start";
    private static final String NO_FILE = "java.io.FileNotFoundException: ";
    private static final String NOT_UNIQUE =
            "java.lang.IllegalArgumentException: Child name [biz1] is not unique";
    private static final String NO_INSTALL_INPUT = noInput("InstallBizHandler", "isAsync");

    /** Patterns of paths; the first that matches counts. */
    private static final List<Row> TABLE =
            List.of(
                    row("wire/http-raw-unknown-command.txt", refused("please follow the doc")),
                    row("wire/http-raw-health.txt", foreign()),
                    row("wire/.*", malformed()),

                    // requests and what is not JSON
                    row(".*-request.json", request()),
                    row(".*/(http-)?(get|put)-method-response.json", malformed()),
                    row(".*/(http-)?body-too-large-response.json", malformed()),

                    // heartbeats
                    row(
                            ".*/http-heartbeat-request-custom-.*",
                            seen("base-demo-0001", "base-demo", "demo-cluster", 1239)),
                    row(
                            ".*/http-heartbeat-request-default-.*",
                            seen("192.0.2.2", "TO_BE_IMPLEMENTED", "default", 11238)),
                    row(
                            ".*/mqtt-heart.json",
                            seen("base-demo-0001", "base-demo", "demo-cluster", 0)),
                    row(".*/mqtt-queryBaseline.json", baselineAsked()),

                    // health over HTTP and MQTT
                    http("health(-after-error|-with-biz1)?", wholeHealth()),
                    http("health-(no-body|empty-string-body|after-start-fails)", wholeHealth()),
                    http("health-type-system", partialHealth(true, true)),
                    http("health-type-system-jvm", partialHealth(true, false)),
                    http("health-type-system-cpu", partialHealth(false, true)),
                    http("health-type-system-unknown.*", refused("indicator not registered")),
                    http("health-type-biz-unknown-name", refused("can not find biz: nope")),
                    http("health-type-biz-unknown-version", refused("can not find biz")),
                    http("health-type-plugin-unknown", refused("can not find plugin")),
                    http("health-biz-name-without-type", refused("can not find plugin")),
                    http(
                            "health-type-illegal",
                            refused("Internal Error: type: nope can not be found")),
                    http("health-type-(biz|plugin).*", partialHealth(false, false)),
                    http("health-while-starting", partialHealth(false, false)),
                    http("default-health-.*", partialHealth(false, false)),
                    mqtt("health-failing-query", refused("can not find biz: nope")),
                    mqtt(".*health.*", wholeHealth()),

                    // lists over HTTP and MQTT
                    row("koupleless-2.1.6/queryAllBiz-after-batch.*", modules()),
                    http("queryAllBiz-(empty|end|no-body|after-batch-missing)", modules()),
                    http("queryAllBiz-(two|after-batch|after-.*-mismatch)", modules(BIZ1, BIZ2)),
                    http(
                            "queryAllBiz-while-starting",
                            modules(BIZ1, BIZ2, "bizbad:1.0.0 RESOLVED")),
                    http("queryAllBiz-.*", modules(BIZ1)),
                    http("installBiz-missing-file-after", modules(BIZ1)),
                    http("default-queryAllBiz-v1-v2", modules(BAD, "bizbad:2.0.0 DEACTIVATED")),
                    http(
                            "default-queryAllBiz-after-switch",
                            modules("bizbad:1.0.0 DEACTIVATED", "bizbad:2.0.0 ACTIVATED")),
                    http("default-queryAllBiz-v2-only", modules("bizbad:2.0.0 ACTIVATED")),
                    http("default-queryAllBiz-(after-start-fails|end)", modules()),
                    mqtt("queryAllBiz-(empty|end)", modules()),
                    mqtt("after-outage-queryAllBiz-.*", modules()),
                    mqtt("queryAllBiz-after-mismatch", modules(BIZ1, BIZ2)),
                    mqtt("queryAllBiz-after-baseline", modules(BIZ1, BIZ2, BAD)),
                    mqtt("(central-)?queryAllBiz-(one|after-start-fails)", modules(BIZ1)),

                    // installs over HTTP
                    http("installBiz-(ok-first|uninstallThenInstall.*)", done(BIZ1)),
                    http("installBiz-(ok-biz2|http-ok|extra-fields)", done(BIZ2)),
                    http("installBiz-(no-name-no-version|unknown-strategy)", done(BIZ2)),
                    http("installBiz-(name|version)-mismatch", done(BIZ2)),
                    http("installBiz-args-envs", done(BAD)),
                    http("default-install-(v1|again-over-broken.*)", done(BAD)),
                    http("default-install-v2-beside-v1", done("bizbad:2.0.0 DEACTIVATED")),
                    http("installBiz-same-again", answered(AlreadyThere.class)),
                    http("(install|uninstall)Biz-conflict-while-starting", answered(Busy.class)),
                    http("http-uninstall-same-biz-conflict", answered(Busy.class)),
                    http(
                            "installBiz-async-no-requestId",
                            failed(REQUEST, "requestId should not be blank when async is true")),
                    http(
                            "installBiz-async-same-requestId",
                            failed(
                                    OTHER,
                                    "The request corresponding to the requestId(req-1) has been"
                                            + " executed.")),
                    http("(install|uninstall)Biz-async.*", answered(Busy.class)),
                    http(
                            "installBiz-missing-file",
                            failed(
                                    PULL,
                                    NO_FILE
                                            + "/nope/biz2-1.0.0-ark-biz.jar"
                                            + " (No such file or directory)")),
                    http(
                            "installBiz-missing-file-no-name",
                            failed(
                                    PULL,
                                    "refresh biz info from jar failed:"
                                            + " /nope/biz2-1.0.0-ark-biz.jar"
                                            + " (No such file or directory)")),
                    http(
                            "installBiz-http-404",
                            failed(PULL, NO_FILE + "http://127.0.0.1:18999/nope.jar")),
                    http(
                            "installBiz-http-refused",
                            failed(PULL, "java.net.ConnectException: Connection refused")),
                    http(
                            "installBiz-unknown-host",
                            failed(PULL, "java.net.UnknownHostException: no-such-host.invalid")),
                    http(
                            "installBiz-not-a-jar",
                            failed(PULL, "java.util.zip.ZipException: zip END header not found")),
                    http(
                            "installBiz-plain-jar",
                            failed(
                                    PULL,
                                    "java.lang.IllegalArgumentException:"
                                            + " Biz Name must not be empty!")),
                    http(
                            "installBiz-bad-scheme",
                            failed(URL, "java.net.MalformedURLException: unknown protocol: oss")),
                    http(
                            "installBiz-no-scheme",
                            failed(
                                    URL,
                                    "java.net.MalformedURLException: no protocol:"
                                            + " /modules/biz2-1.0.0-ark-biz.jar")),
                    http(
                            "wrong-types",
                            failed(URL, "java.net.MalformedURLException: no protocol: 3")),
                    http("(wrong-types-2|json-null)", failed(REQUEST, NO_INSTALL_INPUT)),
                    http("installBiz-no-body", failed(REQUEST, NO_INSTALL_INPUT)),
                    http(
                            "installBiz-(no-url|empty-object)",
                            failed(REQUEST, "bizUrl should not be blank")),
                    http(
                            "installBiz-only-(name|version)",
                            failed(
                                    REQUEST,
                                    "bizName and bizVersion should be both blank or both not"
                                            + " blank.")),
                    http("installBiz-second-version", failed(CONTEXT_PATH, NOT_UNIQUE)),
                    http("(installBiz|default-install)-start-fails.*", failed(MODULE, BAD_CAUSE)),

                    // uninstalls over HTTP
                    http(
                            "uninstallBiz-master",
                            failed(OTHER, "Master biz must not be uninstalled.")),
                    http(
                            "uninstallBiz-no-version",
                            failed(REQUEST, "bizVersion should not be blank")),
                    http("uninstallBiz-empty", failed(REQUEST, "bizName should not be blank")),
                    http(
                            "uninstallBiz-no-body",
                            failed(REQUEST, noInput("UninstallBizHandler", "getBizName"))),
                    http(
                            "uninstallBiz-(not-installed|wrong-version|extra-bizUrl)",
                            answered(NotThere.class)),
                    http(
                            "uninstallBiz-after-(start-fails|version-mismatch-requested)",
                            answered(NotThere.class)),
                    row(
                            "koupleless-2.1.6/uninstallBiz-cleanup-([3-9]|bad)-response.json",
                            answered(NotThere.class)),
                    http("uninstallBiz-cleanup-([67]|bad)", answered(NotThere.class)),
                    http("default-uninstall-broken", answered(NotThere.class)),
                    http("uninstallBiz-.*", done()),
                    http("default-uninstall-.*", done()),

                    // operations over MQTT
                    mqtt("installBiz-async", answered(Busy.class)),
                    mqtt("(central-)?installBiz-same-again", answered(AlreadyThere.class)),
                    mqtt("(central-)?uninstallBiz-not-installed", answered(NotThere.class)),
                    mqtt(
                            "installBiz-missing-file",
                            failed(PULL, NO_FILE + "/nope/x.jar (No such file or directory)")),
                    mqtt(
                            "central-installBiz-missing-file",
                            failed(PULL, NO_FILE + "/nope.jar (No such file or directory)")),
                    mqtt("installBiz-start-fails", failed(MODULE, BAD_CAUSE)),
                    mqtt("installBiz-second-version", failed(CONTEXT_PATH, NOT_UNIQUE)),
                    mqtt(
                            "uninstallBiz-no-version",
                            failed(REQUEST, "bizVersion should not be blank")),
                    mqtt("(central-)?installBiz-(ok|qos1)", done(BIZ1)),
                    mqtt("installBiz-(no-name|version-mismatch)", done(BIZ2)),
                    mqtt("(central-)?uninstallBiz-.*", done()),

                    // batches: what each URL's item says
                    mqtt("baseline-ok", batched(BIZ2, BAD)),
                    mqtt("central-baseline-ok", batched(BIZ1, BIZ2)),
                    mqtt("baseline-one-start-fails", batched(BIZ2, "Failed")),
                    mqtt("baseline-(repeat|on-short-topic)", batched("AlreadyThere")),
                    mqtt("baseline-.*", batched()),
                    row("koupleless-2.1.6/batchInstallBiz-.*", answered(Failed.class)),
                    http("batchInstallBiz-(ok|uninstallThenInstall)", batch(BIZ1, BIZ2)),
                    http("batchInstallBiz-one-start-fails", batch(BIZ1, "Failed")),
                    http("batchInstallBiz-repeat", batch("AlreadyThere", "AlreadyThere")),
                    http("batchInstallBiz-.*", batch()),

                    // commands that we never send
                    http("(unknown-command|path-case)", refused("please follow the doc")),
                    http(
                            "(path-trailing-slash|nested-path|root-path)",
                            refused("please follow the doc")),
                    http("(help|no-content-type|path-query-string)", foreign()),
                    http("(default-)?(switchBiz|queryBizOps)-.*", foreign()));

    private CaptureTable() {}

    /** What the capture must mean; empty when the table has no row for it. */
    static Optional<Row> rowFor(Capture capture) {
        return TABLE.stream()
                .filter(row -> row.path().matcher(capture.path()).matches())
                .findFirst();
    }

    static List<Row> rows() {
        return TABLE;
    }

    /** An HTTP answer, of either runtime. */
    private static Row http(String name, Expectation expectation) {
        return row("koupleless-[^/]+/(http-)?(" + name + ")-response.json", expectation);
    }

    private static Row mqtt(String name, Expectation expectation) {
        return row("koupleless-[^/]+/mqtt-(" + name + ").json", expectation);
    }

    private static Row row(String path, Expectation expectation) {
        return new Row(Pattern.compile(path), expectation);
    }

    private static String noInput(String handler, String method) {
        return "Cannot invoke \"com.alipay.sofa.koupleless.arklet.core.command.builtin.handler."
                + handler
                + "$Input."
                + method
                + "()\" because \"input\" is null";
    }

    /** One line of the table; the first whose pattern matches a path counts. */
    record Row(Pattern path, Expectation expectation) {}
}
