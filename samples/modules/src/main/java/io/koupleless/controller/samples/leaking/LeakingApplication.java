package io.koupleless.controller.samples.leaking;

import java.lang.ref.Reference;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A module that fails to start and each time leaves behind metaspace, held by a thread that it never stops. */
public final class LeakingApplication {

    private static final int CLASSES = 2_000;

    public static void main(String[] args) {
        List<Object> classes =
                Stream.generate(LeakingApplication::newClass).limit(CLASSES).toList();
        Thread holder = new Thread(() -> holdForEver(classes), "leaked-by-module");
        holder.setDaemon(true);
        holder.start();
        throw new IllegalStateException("cache could not be warmed up");
    }

    /** A proxy in a class loader of its own needs a class of its own. */
    private static Object newClass() {
        ClassLoader loader = new ClassLoader(LeakingApplication.class.getClassLoader()) {};
        return Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, (proxy, method, arguments) -> null);
    }

    private static void holdForEver(List<Object> classes) {
        while (true) {
            LockSupport.park();
            Reference.reachabilityFence(classes);
        }
    }
}
