package io.lvs4j.spi;

/** Makes a health monitor available through {@link java.util.ServiceLoader}. */
public interface HealthMonitorProvider {

    /**
     * {@return a new monitor}
     *
     * @param ticker the clock for deadlines
     * @param timers runs what is due
     */
    HealthMonitor create(Ticker ticker, Timers timers);
}
