/**
 * How the health of a real server is known: descriptions of checks, as values.
 *
 * <p>Starting points: {@link io.lvs4j.check.TcpCheck}, {@link io.lvs4j.check.TlsCheck}, {@link io.lvs4j.check.HttpCheck}, {@link
 * io.lvs4j.check.SmtpCheck}, {@link io.lvs4j.check.GrpcCheck}, {@link io.lvs4j.check.AgentCheck}, {@link
 * io.lvs4j.check.DnsCheck}, {@link io.lvs4j.check.UdpCheck}, {@link io.lvs4j.check.PingCheck}, {@link
 * io.lvs4j.check.MiscCheck} (a program), {@link io.lvs4j.check.FileCheck} and, for a check of your own, {@link
 * io.lvs4j.check.CustomCheck}. Each says what to ask and when it passes; {@link io.lvs4j.check.CheckTiming} says when
 * to ask and how many answers make a verdict. Who asks is a {@link io.lvs4j.spi.HealthMonitor}, such as the one of module
 * {@code lvs-health}.
 */
@NullMarked
package io.lvs4j.check;

import org.jspecify.annotations.NullMarked;
