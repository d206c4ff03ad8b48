package io.koupleless.controller.kube;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.vnode.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the URL of a module's jar, which stands where others have an image. */
final class ModuleUrl {
    private static final Set<String> WEB = Set.of("http", "https");
    private static final Set<String> SCHEMES = Set.of("http", "https", "file", "jar", "ftp");

    private ModuleUrl() {}

    static ModuleContainer.Wanted read(String image, ModuleRef ref, String container) {
        URI url;
        try {
            url = new URI(image);
        } catch (URISyntaxException e) {
            return invalid(image, container, e.getReason() + " at position " + e.getIndex());
        }
        Optional<String> fault = fault(url);
        return fault.isPresent()
                ? invalid(image, container, fault.get())
                : new ModuleContainer.Module(ref, url, Sha256.of(image));
    }

    private static Optional<String> fault(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.isEmpty()) {
            return Optional.of("it has no scheme; http, https, file, jar and ftp are known");
        }
        if (!SCHEMES.contains(scheme)) {
            return Optional.of("its scheme is none of http, https, file, jar and ftp");
        }
        if (WEB.contains(scheme) && url.getHost() == null) {
            return Optional.of("it names no host");
        }
        if (!url.isOpaque() && url.getPath().isEmpty()) {
            return Optional.of("it names no file");
        }
        return Optional.empty();
    }

    private static ModuleContainer.Wanted invalid(String image, String container, String fault) {
        return new ModuleContainer.Invalid(
                Reason.URL_INVALID,
                "the image of container %s, \"%s\", is not the URL of a module: %s"
                        .formatted(container, withoutSecrets(image), fault));
    }

    /** Credentials stand before the last @ or in the query, well-formed or not. */
    static String withoutSecrets(String image) {
        String rest = image;
        int at = image.lastIndexOf('@');
        if (at >= 0) {
            int authority = image.indexOf("//");
            String start =
                    authority >= 0 && authority < at ? image.substring(0, authority + 2) : "";
            rest = start + image.substring(at + 1);
        }
        int query = rest.indexOf('?');
        return query < 0 ? rest : rest.substring(0, query);
    }
}
