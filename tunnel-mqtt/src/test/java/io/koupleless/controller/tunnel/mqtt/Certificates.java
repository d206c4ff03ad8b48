package io.koupleless.controller.tunnel.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;

/** A self-signed certificate and its key, made by the JDK's keytool, in every form needed. */
final class Certificates {
    static final String PASSWORD = "changeit";
    private static final int PKCS1_OFFSET_2048 = 26;

    private final Path directory;
    private final String name;
    private final Process keytool;

    /** Starts to make it. */
    Certificates(Path directory, String name, String algorithm, String names) throws IOException {
        this.directory = directory;
        this.name = name;
        this.keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "it",
                                "-keyalg",
                                algorithm,
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=" + names,
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                keystore().toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
    }

    Certificates await() throws Exception {
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        return this;
    }

    Path keystore() {
        return directory.resolve(name + ".p12");
    }

    /** A PKCS#12 trust store that holds their certificates. */
    static Path truststore(Path file, Certificates... trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Certificates one : trusted) {
            store.setCertificateEntry(one.name, one.open().getCertificate("it"));
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    Path certificatePem() throws Exception {
        return pem("CERTIFICATE", open().getCertificate("it").getEncoded());
    }

    Path pkcs8Pem() throws Exception {
        return pem("PRIVATE KEY", key());
    }

    /** Of an RSA key of 2048 bits or more: PKCS#8 without its first 26 bytes. */
    Path pkcs1Pem() throws Exception {
        byte[] pkcs8 = key();
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS1_OFFSET_2048, pkcs8.length));
    }

    private byte[] key() throws Exception {
        return open().getKey("it", PASSWORD.toCharArray()).getEncoded();
    }

    private Path pem(String kind, byte[] der) throws IOException {
        Path file = directory.resolve(name + "-" + kind.replace(' ', '-') + ".pem");
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(
                file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, body, kind));
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }
}
