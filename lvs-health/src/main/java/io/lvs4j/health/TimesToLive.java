package io.lvs4j.health;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cache that keeps nothing but how long the addresses found may be believed, which Netty tells nobody else. Confined to the
 * resolver's event loop.
 */
final class TimesToLive implements DnsCache {
    private static final int MAX_ADDRESSES = 4096; // those of lookups that failed in the end are never asked for

    private final Map<InetAddress, Duration> shortest = new HashMap<>();

    /** Returns the shortest time to live of the records just found, and forgets them; empty = they came from no name server. */
    Optional<Duration> take(List<InetAddress> addresses) {
        return addresses.stream().map(shortest::remove).filter(Objects::nonNull).min(Comparator.naturalOrder());
    }

    @Override
    public DnsCacheEntry cache(
            String name, DnsRecord @Nullable [] additionals, InetAddress address, long seconds, EventLoop loop) {
        if (shortest.size() >= MAX_ADDRESSES) {
            shortest.clear();
        }
        shortest.merge(address, Duration.ofSeconds(seconds), (a, b) -> a.compareTo(b) < 0 ? a : b);
        return new Entry(address, null);
    }

    @Override
    public DnsCacheEntry cache(String name, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop loop) {
        return new Entry(null, cause);
    }

    @Override
    public List<? extends DnsCacheEntry> get(String name, DnsRecord @Nullable [] additionals) {
        return List.of();
    }

    @Override
    public void clear() {
        shortest.clear();
    }

    @Override
    public boolean clear(String name) {
        return false;
    }

    private record Entry(
            @Nullable InetAddress address, @Nullable Throwable cause) implements DnsCacheEntry {}
}
