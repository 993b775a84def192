/**
 * What others implement: a data plane ({@link io.lvs4j.spi.Backend}), a health monitor
 * ({@link io.lvs4j.spi.HealthMonitor}), and time ({@link io.lvs4j.spi.Ticker}, {@link io.lvs4j.spi.Timers}).
 *
 * <p>How the parts meet: a {@link io.lvs4j.Director} owns policy. It gives its backend a {@link io.lvs4j.spi.Pool} whenever
 * the server set of a service changes, and gives its monitor one watch per server and check. Providers are found by
 * {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.lvs4j.spi;

import org.jspecify.annotations.NullMarked;
