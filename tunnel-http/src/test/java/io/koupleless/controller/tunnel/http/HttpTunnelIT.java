package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.testkit.tunnel.TunnelContract;
import io.koupleless.controller.testkit.tunnel.TunnelHarness;

/** The tunnel keeps a tunnel's promises over HTTP. */
class HttpTunnelIT extends TunnelContract {
    @Override
    protected TunnelHarness open() {
        return new HttpHarness();
    }
}
