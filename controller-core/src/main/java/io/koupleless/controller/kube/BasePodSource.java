package io.koupleless.controller.kube;

import io.koupleless.controller.discovery.BaseSource;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.work.Ticker;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.HashMap;
import java.util.Map;
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
    private final NodePlaces places;
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
        this.places = new NodePlaces(requests, ticker, workers);
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

        /** The Pods that are there, as last seen. */
        private final Map<String, BasePod> present = new HashMap<>();

        private ToPods(BasePods pods) {
            this.pods = pods;
        }

        @Override
        public synchronized void seen(BasePod pod) {
            if (!closed) {
                present.put(pod.ref().uid(), pod);
                located(pod);
            }
        }

        /** A base whose place is not known yet is told without it, and again with it. */
        private void located(BasePod pod) {
            pods.seen(places.of(pod.node(), () -> placed(pod.node())).map(pod::at).orElse(pod));
        }

        private synchronized void placed(String node) {
            if (!closed) {
                present.values().stream()
                        .filter(pod -> pod.node().equals(node))
                        .forEach(this::located);
            }
        }

        /** A watch by labels also says deleted of a Pod that lives and lost its label. */
        @Override
        public synchronized void unseen(BasePod last) {
            present.remove(last.ref().uid());
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
