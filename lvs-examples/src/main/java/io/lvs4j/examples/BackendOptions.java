package io.lvs4j.examples;

import io.lvs4j.netty.NettyBackend;
import io.lvs4j.netty.Profile;
import io.lvs4j.netty.Transport;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.BackendProvider;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what carries the connections. */
final class BackendOptions {
    private static final String NETTY = "netty";
    private static final String HEADLESS = "headless"; // carries nothing: of no use without a program of one's own

    @Option(
            names = "--backend",
            paramLabel = "<name>",
            description = "What carries the connections. Default: netty, inside this process.")
    private String backend = NETTY;

    @Option(
            names = "--transport",
            paramLabel = "<name>",
            description = "How the netty backend speaks to the kernel: auto, epoll or nio. Default: auto.")
    private @Nullable String transport;

    @Option(
            names = "--threads",
            paramLabel = "<number>",
            description = "How many threads the netty backend moves bytes with. Default: the library's choice.")
    private @Nullable String threads;

    @Option(
            names = "--profile",
            paramLabel = "<name>",
            description = {
                "What the netty backend is tuned for. Default: throughput.",
                "throughput  few known clients that move many bytes: the kernel sizes the buffers of sockets.",
                "edge        anybody may connect: small buffers, so that a client that does not read costs little, and",
                "            1,000 connections per source and 100 new ones a second, unless --max-... says otherwise."
            })
    private @Nullable String profile;

    @Option(
            names = "--transparent",
            description = {
                "With --forwarding nat, servers see the client's own address on the netty backend, too. Wants CAP_NET_ADMIN",
                "and routes that bring answers back here; what is missing is said. Default: servers see this host's."
            })
    private boolean transparent;

    Backend open() {
        return open(null, () -> {});
    }

    /**
     * Makes the backend.
     *
     * @param handOver where another process may take over; null if none may
     * @param handedOver called once another process has
     */
    Backend open(@Nullable String handOver, Runnable handedOver) {
        List<BackendProvider> found = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> !provider.id().equals(HEADLESS))
                .toList();
        BackendProvider provider = found.stream()
                .filter(p -> p.id().equals(backend))
                .findFirst()
                .orElseThrow(() -> new BadInput(
                        "--backend",
                        backend,
                        "one of "
                                + found.stream()
                                        .map(BackendProvider::id)
                                        .sorted()
                                        .collect(Collectors.joining(", "))));
        provider.unavailable().ifPresent(reason -> {
            throw new BadInput("--backend", backend, "one that runs here; " + reason);
        });
        return backend.equals(NETTY) ? netty(handOver, handedOver) : other(provider, handOver);
    }

    private Backend netty(@Nullable String handOver, Runnable handedOver) {
        NettyBackend.Builder builder = NettyBackend.builder();
        if (transport != null) {
            builder.transport(transport(transport));
        }
        if (threads != null) {
            builder.threads(Numbers.parse("--threads", threads, 1, 1024));
        }
        if (profile != null) {
            builder.profile(profile(profile));
        }
        if (transparent) {
            builder.transparent();
        }
        if (handOver != null) {
            BadInput.parse("--hand-over", handOver, path -> builder.handOver(Path.of(path), handedOver));
        }
        return builder.build();
    }

    private Backend other(BackendProvider provider, @Nullable String handOver) {
        requireNone("--transport", transport);
        requireNone("--threads", threads);
        requireNone("--profile", profile);
        if (transparent) {
            throw new BadInput("--transparent", "set", "only with --backend netty");
        }
        requireNone("--hand-over", handOver);
        return provider.create();
    }

    private static void requireNone(String option, @Nullable String value) {
        if (value != null) {
            throw new BadInput(option, value, "only with --backend netty");
        }
    }

    private static Profile profile(String name) {
        return switch (name) {
            case "throughput" -> Profile.THROUGHPUT;
            case "edge" -> Profile.EDGE;
            default -> throw new BadInput("--profile", name, "throughput or edge");
        };
    }

    private static Transport transport(String name) {
        return Arrays.stream(Transport.values())
                .filter(t -> t.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInput("--transport", name, "auto, epoll or nio"));
    }
}
