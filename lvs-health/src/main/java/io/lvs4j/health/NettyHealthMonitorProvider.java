package io.lvs4j.health;

import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.HealthMonitorProvider;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;

/** Lets a director find {@link NettyHealthMonitor} by itself, with an event loop of its own. */
public final class NettyHealthMonitorProvider implements HealthMonitorProvider {

    /** For the service loader. */
    public NettyHealthMonitorProvider() {}

    @Override
    public HealthMonitor create(Ticker ticker, Timers timers) {
        return NettyHealthMonitor.builder().time(ticker, timers).build();
    }
}
