package io.lvs4j.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;

/** A persistence table as a Caffeine cache, which may do its housekeeping on threads of its own, as is its default. */
final class CaffeineTable implements ClientTable {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Cache<Client, Object> cache;

    private record Client(long high, long low) {}

    private CaffeineTable(Cache<Client, Object> cache) {
        this.cache = cache;
    }

    /** The timeout can be a different one for each client. */
    static CaffeineTable variableExpiry(int clients) {
        return new CaffeineTable(Caffeine.newBuilder()
                .maximumSize(clients)
                .expireAfter(Expiry.<Client, Object>accessing((client, server) -> TIMEOUT))
                .build());
    }

    /** One timeout for all. */
    static CaffeineTable expireAfterAccess(int clients) {
        return new CaffeineTable(Caffeine.newBuilder()
                .maximumSize(clients)
                .expireAfterAccess(TIMEOUT)
                .build());
    }

    @Override
    public Object find(long client) {
        return cache.getIfPresent(new Client(0, client));
    }

    @Override
    public void put(long client, Object server) {
        cache.put(new Client(0, client), server);
    }
}
