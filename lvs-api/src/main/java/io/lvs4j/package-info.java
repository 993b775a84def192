/**
 * Linux Virtual Server as an embeddable library: the description of virtual services and the director that runs them.
 *
 * <p>Starting points:
 * <ul>
 *   <li>{@link io.lvs4j.VirtualService}: what to serve: listen addresses, scheduler, persistence, checks, real servers.
 *   <li>{@link io.lvs4j.Director}: runs descriptions on a backend and changes them while connections flow.
 *   <li>{@link io.lvs4j.ServiceHandle} and {@link io.lvs4j.ServerHandle}: weight, drain, maintenance, removal.
 *   <li>{@link io.lvs4j.DirectorEvent}: what happened, in order.
 * </ul>
 *
 * <p>How the parts meet: values ({@code VirtualService}, {@code RealServer}, {@code Persistence}, ...) are immutable
 * records that are valid once they exist. The {@code Director} keeps one pool state per service, fed by health verdicts
 * ({@link io.lvs4j.check}) and by the handles, and gives each new server set to its {@link io.lvs4j.spi.Backend}.
 */
@NullMarked
package io.lvs4j;

import org.jspecify.annotations.NullMarked;
