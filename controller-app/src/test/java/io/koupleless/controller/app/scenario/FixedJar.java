package io.koupleless.controller.app.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A module's jar as its developers build it anew: the same classes and one thing changed. */
final class FixedJar {
    private FixedJar() {}

    /** The same name and version, and one more page below the module's path. */
    static String withPage(String url, String page, String text, Path directory) {
        return copy(url, Map.of(), Map.of("static/" + page, text), directory);
    }

    /** The same with another version in its manifest. */
    static String withVersion(String url, String version, Path directory) {
        return copy(url, Map.of("Ark-Biz-Version", version), Map.of(), directory);
    }

    private static String copy(
            String url, Map<String, String> attributes, Map<String, String> files, Path directory) {
        Path original = Path.of(URI.create(url));
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(directory), "jar-");
            Path copy = folder.resolve(original.getFileName());
            try (JarInputStream in = new JarInputStream(Files.newInputStream(original))) {
                Manifest manifest = new Manifest(in.getManifest());
                attributes.forEach(manifest.getMainAttributes()::putValue);
                try (JarOutputStream out =
                        new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                    for (JarEntry entry; (entry = in.getNextJarEntry()) != null; ) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        in.transferTo(out);
                    }
                    for (Map.Entry<String, String> file : files.entrySet()) {
                        out.putNextEntry(new JarEntry(file.getKey()));
                        out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
            return copy.toUri().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
