/**
 * How the health of a real server is known: descriptions of checks, as values.
 *
 * <p>Starting points: {@link io.lvs4j.check.TcpCheck}, {@link io.lvs4j.check.HttpCheck} and, for a check of your own,
 * {@link io.lvs4j.check.CustomCheck}. Each says what to ask and when it passes; {@link io.lvs4j.check.CheckTiming} says when
 * to ask and how many answers make a verdict. Who asks is a {@link io.lvs4j.spi.HealthMonitor}, such as the one of module
 * {@code lvs-health}.
 */
@NullMarked
package io.lvs4j.check;

import org.jspecify.annotations.NullMarked;
