/**
 * The Netty backend: carries TCP connections and UDP datagrams to real servers on event loops of this JVM.
 *
 * <p>Start at {@link io.lvs4j.netty.NettyBackend}. How the parts meet: a backend has one {@code TcpService} per virtual
 * service and one {@code Loop} per event-loop thread. A {@code TcpListener} hands every accepted socket to a loop, where a
 * {@code Connection} has a {@code OpeningReader} read the PROXY header and the ClientHello, if it is to, asks the decision engine for a
 * server, connects to it, and tries the next one if that fails. From then on a
 * {@code Relay} carries the bytes. Connection and relay know sockets only as {@code StreamSocket}: {@code EpollSocket} and
 * {@code NioSocket} are what differs between the transports. {@code SilentServers} sees to it that not every client waits for a
 * server that does not answer, {@code SocketBudget} and {@code PendingBytes} that clients leave descriptors and memory to others.
 *
 * <p>A {@code UdpService} has {@code UdpFlows} per event loop. A {@code DatagramListener} hands datagrams to them, one
 * {@code DatagramBatch} of a client after the other; they find or begin its {@code UdpFlow}, which has a lease and a
 * {@code DatagramPeer}, a socket connected to its server. The {@code UdpFlowTable} knows who goes when there are too many.
 */
@NullMarked
package io.lvs4j.netty;

import org.jspecify.annotations.NullMarked;
