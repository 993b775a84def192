package io.lvs4j.netlink.socket;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Does something in another network namespace, see network_namespaces(7): on a thread of its own, which ends with it. */
public final class NetworkNamespace {
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /**
     * Does something in a namespace. Sockets that are opened in it stay in it.
     *
     * @param path the namespace, such as {@code /run/netns/blue} or {@code /proc/4711/ns/net}
     * @param job what to do
     * @param <T> what comes out of it
     * @return what came out of it
     * @throws SocketException if there is no such namespace or it must not be entered
     */
    public static <T> T call(String path, Callable<T> job) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        enter(path);
                        result.complete(job.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "lvs-namespace");
        thread.setDaemon(true);
        thread.start();
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Does something in a namespace, or here.
     *
     * @param path the namespace; empty = the caller's, on the caller's thread
     * @param job what to do; it throws no checked exception
     * @param <T> what comes out of it
     * @return what came out of it
     */
    public static <T> T in(Optional<String> path, Callable<T> job) {
        if (path.isPresent()) {
            return call(path.get(), job);
        }
        try {
            return job.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void enter(String path) {
        int fd;
        try {
            fd = LibC.open(path, O_CLOEXEC);
        } catch (LinkageError e) {
            throw new SocketException(NativeAccess.remedy(e), e);
        }
        if (fd < 0) {
            throw new SocketException("network namespace " + path, LibC.errno(), "ip netns lists those with a name");
        }
        int result = LibC.setns(fd, CLONE_NEWNET);
        int errno = LibC.errno();
        int unused = LibC.close(fd);
        if (result < 0) {
            throw new SocketException("setns " + path, errno, "it wants CAP_SYS_ADMIN, and a network namespace");
        }
    }
}
