package io.koupleless.controller.app.benchmark;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Users who work at the same time, each over a connection of its own that is open already. */
final class Clients {
    private final List<ClusterUser> users;

    Clients(ControlPlane plane, int count) {
        users = IntStream.range(0, count).mapToObj(i -> plane.admin()).toList();
        users.forEach(user -> user.get(new ApiPath("/version")));
    }

    /** One of many things to do. */
    interface Task {
        void run(ClusterUser user, int number);
    }

    /** Whoever has finished one takes the next. */
    void share(int tasks, Task task) throws Exception {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> working = new ArrayList<>();
            for (ClusterUser user : users) {
                working.add(
                        threads.submit(() -> {
                            for (int i = next.getAndIncrement();
                                    i < tasks;
                                    i = next.getAndIncrement()) {
                                task.run(user, i);
                            }
                        }));
            }
            for (Future<?> one : working) {
                one.get();
            }
        }
    }
}
