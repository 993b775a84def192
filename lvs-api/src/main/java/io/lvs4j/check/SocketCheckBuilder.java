package io.lvs4j.check;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all checks over a socket share: whom to ask, and from where. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class SocketCheckBuilder<B extends SocketCheckBuilder<B>> extends CheckBuilder<B>
        permits TcpCheck.Builder,
                HttpCheck.Builder,
                TlsCheck.Builder,
                SmtpCheck.Builder,
                GrpcCheck.Builder,
                AgentCheck.Builder,
                DnsCheck.Builder,
                UdpCheck.Builder,
                PingCheck.Builder {

    private CheckTarget target = CheckTarget.server();

    SocketCheckBuilder(Duration delayBeforeRetry) {
        this(1, delayBeforeRetry);
    }

    SocketCheckBuilder(int retries, @Nullable Duration delayBeforeRetry) {
        super(retries, delayBeforeRetry);
    }

    /**
     * Asks another address in place of the server's (keepalived's {@code connect_ip}), for example that of its management
     * network.
     *
     * @param address an IPv4 or IPv6 literal
     * @return this
     */
    public B connectIp(String address) {
        InetAddress ip = CheckTarget.literal("connectIp", address);
        return target(new CheckTarget(
                Optional.of(ip), target.connectPort(), target.bindTo(), target.bindPort(), target.firewallMark()));
    }

    /**
     * Asks another port in place of the server's (keepalived's {@code connect_port}).
     *
     * @param port 1..65535
     * @return this
     */
    public B connectPort(int port) {
        return target(new CheckTarget(
                target.connectIp(), OptionalInt.of(port), target.bindTo(), target.bindPort(), target.firewallMark()));
    }

    /**
     * Asks from an address of this host (keepalived's {@code bindto}). Default: as the routes say.
     *
     * @param address an IPv4 or IPv6 literal of the server's family
     * @return this
     */
    public B bindTo(String address) {
        InetAddress ip = CheckTarget.literal("bindTo", address);
        return target(new CheckTarget(
                target.connectIp(), target.connectPort(), Optional.of(ip), target.bindPort(), target.firewallMark()));
    }

    /**
     * Asks from a port of this host (keepalived's {@code bind_port}). Default: any that is free. A port that is still in use, such
     * as by the attempt before, makes an attempt inconclusive.
     *
     * @param port 1..65535
     * @return this
     */
    public B bindPort(int port) {
        return target(new CheckTarget(
                target.connectIp(),
                target.connectPort(),
                target.bindTo(),
                OptionalInt.of(port),
                target.firewallMark()));
    }

    /**
     * Marks the packets of the check for the host's routing and filter rules (keepalived's {@code fwmark}, Linux's {@code
     * SO_MARK}); needs CAP_NET_ADMIN and the epoll transport.
     *
     * @param mark 1..4294967295
     * @return this
     */
    public B firewallMark(long mark) {
        return target(new CheckTarget(
                target.connectIp(), target.connectPort(), target.bindTo(), target.bindPort(), OptionalLong.of(mark)));
    }

    final B target(CheckTarget target) {
        this.target = target;
        return self();
    }

    final CheckTarget target() {
        return target;
    }
}
