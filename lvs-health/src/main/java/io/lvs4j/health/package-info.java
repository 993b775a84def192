/**
 * Carries out health checks on Netty event loops.
 *
 * <p>Starting point: {@link io.lvs4j.health.NettyHealthMonitor}. A director finds it by itself once this module is on the
 * class path or module path; make one yourself to pass your own event loops or your own trusted certificates.
 *
 * <p>How the parts meet: every watch is a {@code CheckLoop}, which decides when to ask. It asks through a {@code Probe}, one
 * class per kind of check, and gives what the attempt found to its {@code Verdicts}, which decide what that means. Probes
 * that need a connection get it from {@code Sockets}; {@code SocketAttempt} is what they have in common. Pings share the sockets of
 * {@code Pings}, programs the thread of {@code Programs}.
 */
@NullMarked
package io.lvs4j.health;

import org.jspecify.annotations.NullMarked;
