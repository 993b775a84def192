package io.lvs4j.spi;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Looks names of real servers up. Owned by one director. Thread-safe. */
public interface NameResolver extends AutoCloseable {

    /**
     * Looks a name up, without waiting.
     *
     * @param name a host name
     * @return completes on any thread, with what was found or exceptionally, also if the name does not exist or has no address
     */
    CompletionStage<Answer> resolve(String name);

    /** Ends all lookups and frees every thread, descriptor and buffer. Idempotent. */
    @Override
    void close();

    /**
     * What a name stands for.
     *
     * @param addresses its addresses, at least one, none twice
     * @param timeToLive how long this may be believed
     */
    record Answer(List<InetAddress> addresses, Duration timeToLive) {
        /** Copies the list; refuses an empty one. */
        public Answer {
            addresses = addresses.stream().distinct().toList();
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("addresses: none (expected: at least one)");
            }
            Objects.requireNonNull(timeToLive, "timeToLive");
        }
    }
}
