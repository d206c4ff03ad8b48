package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSource;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bases that do not announce themselves: hears the sources, and has what they name asked. */
final class Discovery implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Discovery.class);
    private static final int MAX_WARNED = 1_000;

    private final List<BaseSource> sources;
    private final BaseDirectory directory;
    private final Polling polling;
    private final CallableAddresses callable;
    private final Consumer<TunnelEvent> tell;
    private final Set<BaseAddress> warned = ConcurrentHashMap.newKeySet();

    Discovery(
            List<BaseSource> sources,
            BaseDirectory directory,
            Polling polling,
            CallableAddresses callable,
            Consumer<TunnelEvent> tell) {
        this.sources = List.copyOf(sources);
        this.directory = directory;
        this.polling = polling;
        this.callable = callable;
        this.tell = tell;
    }

    void start() {
        sources.forEach(source -> source.start(new Ears(source.name())));
    }

    void remember(Base base) {
        BaseAddress address = new BaseAddress(base.ip(), base.port());
        if (base.port() > 0 && mayBeCalled(address)) {
            directory.remember(address, base).ifPresent(polling::ask);
        }
    }

    @Override
    public void close() {
        sources.forEach(Discovery::closeOne);
    }

    private static void closeOne(BaseSource source) {
        try {
            source.close();
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).addKeyValue("source", source.name()).log("Not closed");
        }
    }

    private boolean mayBeCalled(BaseAddress address) {
        Optional<String> refusal = callable.refusal(address.ip());
        if (refusal.isPresent() && warned.size() < MAX_WARNED && warned.add(address)) {
            log.atWarn()
                    .addKeyValue("address", address)
                    .addKeyValue("why", refusal.get())
                    .log("A base is looked for at an address that is not called");
        }
        return refusal.isEmpty();
    }

    private final class Ears implements BaseSourceListener {
        private final String source;

        Ears(String source) {
            this.source = source;
        }

        @Override
        public void found(FoundBase base) {
            if (mayBeCalled(base.address())) {
                directory.found(source, base).ifPresent(polling::ask);
            }
        }

        @Override
        public void leaving(BaseAddress address) {
            if (mayBeCalled(address)) {
                directory.leaving(address).map(TunnelEvent.BaseLeaving::new).ifPresent(tell);
            }
        }

        @Override
        public void gone(BaseAddress address) {
            if (mayBeCalled(address)) {
                BaseDirectory.Leaver leaver = directory.gone(source, address);
                leaver.base().map(TunnelEvent.BaseGone::new).ifPresent(tell);
                leaver.next().ifPresent(polling::ask);
            }
        }

        @Override
        public void lost(BaseAddress address) {
            if (mayBeCalled(address)) {
                directory.lost(source, address);
            }
        }
    }
}
