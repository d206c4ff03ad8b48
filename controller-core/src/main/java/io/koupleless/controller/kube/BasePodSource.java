package io.koupleless.controller.kube;

import io.koupleless.controller.discovery.BaseSource;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.work.Ticker;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Finds bases in Pods that a selector of labels picks. */
public final class BasePodSource implements BaseSource {
    private final KubeClients clients;
    private final KubeRequests requests;
    private final BasePodReader reader;
    private final ApiPath selected;
    private final Ticker ticker;
    private final Executor workers;
    private volatile @Nullable Feed<BasePod> feed;
    private volatile boolean closed;

    /**
     * @param workers may block
     */
    public BasePodSource(
            KubeClients clients, BasePodSettings settings, Ticker ticker, Executor workers) {
        this.clients = clients;
        this.requests = new KubeRequests(clients);
        this.reader = new BasePodReader(settings);
        this.selected =
                settings.namespace()
                        .map(ApiPath::pods)
                        .orElse(ApiPath.PODS)
                        .with("labelSelector", settings.selector());
        this.ticker = ticker;
        this.workers = workers;
    }

    @Override
    public String name() {
        return "pods";
    }

    @Override
    public void start(BaseSourceListener listener) {
        Feed<BasePod> started =
                new Feed<>(
                        clients,
                        new Source<>("base pods", selected, V1Pod.class, reader::read),
                        ticker,
                        new ToPods(new BasePods(listener)));
        feed = started;
        started.start();
    }

    @Override
    public void close() {
        closed = true;
        Feed<BasePod> started = feed;
        if (started != null) {
            started.close();
        }
    }

    private final class ToPods implements Feed.Sink<BasePod> {
        private final BasePods pods;

        private ToPods(BasePods pods) {
            this.pods = pods;
        }

        @Override
        public void seen(BasePod pod) {
            if (!closed) {
                pods.seen(pod);
            }
        }

        /** A watch by labels also says deleted of a Pod that lives and lost its label. */
        @Override
        public void unseen(BasePod last) {
            if (closed) {
                return;
            }
            String uid = last.ref().uid();
            if (last.state() instanceof BasePod.Leaving) {
                pods.ended(uid, BasePods.End.GONE);
            } else if (pods.doubt(uid)) {
                workers.execute(() -> judge(last.ref()));
            }
        }

        private void judge(PodRef ref) {
            BasePods.End end = endOf(ref);
            if (!closed) {
                pods.judged(ref.uid(), end);
            }
        }

        @Override
        public void synced() {}
    }

    private BasePods.End endOf(PodRef ref) {
        return switch (requests.get(ApiPath.pod(ref))) {
            case Reply.NotFound() -> BasePods.End.GONE;
            case Reply.Ok live -> endOf(ref, reader.read(live.as(V1Pod.class)));
            case Reply.Conflict(), Reply.Refused _, Reply.Failed _ -> BasePods.End.LOST;
        };
    }

    private static BasePods.End endOf(PodRef ref, BasePod live) {
        boolean lives = live.ref().equals(ref) && !(live.state() instanceof BasePod.Ended);
        return lives ? BasePods.End.LOST : BasePods.End.GONE;
    }
}
