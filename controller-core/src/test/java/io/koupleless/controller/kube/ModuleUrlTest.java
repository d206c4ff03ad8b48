package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.vnode.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleUrlTest {
    private static ModuleContainer.Wanted read(String image) {
        return ModuleUrl.read(image, new ModuleRef("biz1", "1.0.0"), "biz1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://repo/biz1.jar",
                "HTTPS://user:secret@repo:8443/a/biz1.jar?token=1",
                "file:///opt/biz1.jar",
                "file:/opt/biz1.jar",
                "jar:file:/opt/base.jar!/biz1.jar",
                "ftp://repo/biz1.jar",
                "http://[::1]:80/biz1.jar"
            })
    void theseAreUrlsOfModules(String image) {
        assertThat(read(image))
                .isInstanceOfSatisfying(
                        ModuleContainer.Module.class,
                        module -> assertThat(module.url()).hasToString(image));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nginx:1.27| scheme",
                "biz1.jar| no scheme",
                "http:///biz1.jar| no host",
                "https://| ",
                "http://repo| no file",
                "http://repo/a b.jar| position",
                "''| no scheme",
                "s3://bucket/biz1.jar| scheme is none of"
            })
    void theseAreNotAndTheMessageSaysWhy(String image, String why) {
        assertThat(read(image))
                .isInstanceOfSatisfying(
                        ModuleContainer.Invalid.class,
                        invalid -> {
                            assertThat(invalid.reason()).isEqualTo(Reason.URL_INVALID);
                            assertThat(invalid.message())
                                    .contains("biz1")
                                    .contains(why == null ? "" : why);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://me:hunter2@bucket/biz1.jar",
                "http://me:hun ter2@repo/hunter2@/biz1.jar?x",
                "http://repo /biz1.jar?sig=hunter2",
                "http://me:a?hunter2@repo /biz1.jar",
                "me:hunter2@repo/biz1.jar"
            })
    void noMessageRepeatsACredential(String image) {
        assertThat(read(image))
                .isInstanceOfSatisfying(
                        ModuleContainer.Invalid.class,
                        invalid -> assertThat(invalid.message()).doesNotContain("hunter2", "ter2"));
    }

    @Test
    void anotherUrlHasAnotherHash() {
        assertThat(read("http://h/a.jar")).isNotEqualTo(read("http://h/b.jar"));
        assertThat(read("http://h/a.jar")).isEqualTo(read("http://h/a.jar"));
    }
}
