package io.lvs4j.health;

import io.lvs4j.spi.NameResolver;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Looks names up by DNS, after the host's {@code hosts} file, with the host's name servers and search domains unless others are
 * given, on one daemon thread, {@code lvs-names-1}. Nothing is cached: the time to live is part of the answer, and whoever asks
 * again wants to know. Thread-safe.
 */
public final class NettyNameResolver implements NameResolver {
    /** How long a name of the hosts file is believed. */
    static final Duration LOCAL_TIME_TO_LIVE = Duration.ofSeconds(30);

    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_QUERIES =
            16; // of one lookup; a chain of names or a lame server must not go on for ever
    private static final int MAX_ADDRESSES = 256;
    private static final long CLOSE_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final LoopThread thread = new LoopThread("lvs-names-1");
    private final SingleThreadIoEventLoop loop;
    private final DnsNameResolver resolver;
    private final TimesToLive timesToLive = new TimesToLive();

    private NettyNameResolver(DnsServerAddressStreamProvider nameServers) {
        Transport transport = Transport.best();
        SocketProtocolFamily family = familyOf(nameServers);
        loop = new SingleThreadIoEventLoop(null, thread, transport.handlers());
        resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(() -> transport.newDatagramChannel(family))
                .nameServerProvider(nameServers)
                .resolveCache(timesToLive)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                .maxQueriesPerResolve(MAX_QUERIES)
                .build();
    }

    private static SocketProtocolFamily familyOf(DnsServerAddressStreamProvider nameServers) {
        boolean four = nameServers.nameServerAddressStream("").next().getAddress() instanceof Inet4Address;
        return four ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    /** {@return a resolver that asks the name servers of this host} */
    public static NettyNameResolver create() {
        return new NettyNameResolver(DnsServerAddressStreamProviders.platformDefault());
    }

    /**
     * {@return a resolver that asks certain name servers, each when the one before it does not answer}
     *
     * @param nameServers addresses and ports, at least one
     */
    public static NettyNameResolver asking(List<InetSocketAddress> nameServers) {
        if (nameServers.isEmpty()) {
            throw new IllegalArgumentException("nameServers: none (expected: at least one)");
        }
        return new NettyNameResolver(new SequentialDnsServerAddressStreamProvider(List.copyOf(nameServers)));
    }

    @Override
    public CompletionStage<Answer> resolve(String name) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            loop.execute(() -> resolver.resolveAll(name).addListener((Future<List<InetAddress>> found) -> {
                if (found.isSuccess()) {
                    complete(answer, found.getNow());
                } else {
                    answer.completeExceptionally(found.cause());
                }
            }));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void complete(CompletableFuture<Answer> answer, List<InetAddress> addresses) {
        try {
            Duration timeToLive = timesToLive.take(addresses).orElse(LOCAL_TIME_TO_LIVE);
            answer.complete(new Answer(addresses.stream().limit(MAX_ADDRESSES).toList(), timeToLive));
        } catch (IllegalArgumentException e) {
            answer.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        resolver.close();
        loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        if (!loop.inEventLoop()) {
            thread.join();
        }
    }
}
