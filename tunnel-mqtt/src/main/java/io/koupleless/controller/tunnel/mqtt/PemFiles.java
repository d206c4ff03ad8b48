package io.koupleless.controller.tunnel.mqtt;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads certificates and private keys from PEM files; a failure names the setting and the file. */
final class PemFiles {
    private static final Pattern KEY_BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    /** PKCS#8's version and algorithm {rsaEncryption, NULL}, as DER. */
    private static final byte[] VERSION_AND_RSA =
            HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private PemFiles() {}

    static List<X509Certificate> certificates(String setting, Path file) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(read(setting, file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw unusable(setting, file, "it holds no certificate", null);
            }
            return found;
        } catch (CertificateException e) {
            throw unusable(setting, file, "it is no PEM certificate", e);
        }
    }

    static PrivateKey privateKey(String setting, Path file) {
        String text = new String(read(setting, file), StandardCharsets.US_ASCII);
        Matcher block = KEY_BLOCK.matcher(text);
        if (!block.find()) {
            throw unusable(setting, file, "it holds no PEM private key", null);
        }
        String kind = block.group(1);
        if ((!kind.equals("PRIVATE KEY") && !kind.equals("RSA PRIVATE KEY"))
                || block.group(2).contains("Proc-Type")) {
            String wanted = "convert it: openssl pkcs8 -topk8 -nocrypt";
            throw unusable(setting, file, "'" + kind + "' is not supported; " + wanted, null);
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            return key(kind.startsWith("RSA") ? wrapRsa(der) : der);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw unusable(setting, file, "the private key cannot be read", e);
        }
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        InvalidKeySpecException last = new InvalidKeySpecException("no key");
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                last = e; // perhaps the key of another algorithm
            }
        }
        throw last;
    }

    /** PKCS#8 is PKCS#1 in an octet string, after the version and the algorithm's name. */
    private static byte[] wrapRsa(byte[] pkcs1) {
        byte[] octets = der(0x04, pkcs1);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(VERSION_AND_RSA);
        body.writeBytes(octets);
        return der(0x30, body.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] read(String setting, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unusable(setting, file, "it cannot be read", e);
        }
    }

    private static IllegalArgumentException unusable(
            String setting, Path file, String why, @Nullable Exception e) {
        return new IllegalArgumentException(setting + ": " + file + ": " + why, e);
    }
}
