/** Health checks: the monitor and one probe per kind of check. */
module io.lvs4j.health {
    requires transitive io.lvs4j;
    requires transitive static org.jspecify;
    requires org.slf4j;
    requires io.netty.common;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.handler;
    requires io.netty.codec.dns;
    requires io.netty.resolver.dns;
    requires transitive io.netty.transport;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.unix.common;

    uses io.lvs4j.spi.IcmpSockets;

    exports io.lvs4j.health;

    provides io.lvs4j.spi.HealthMonitorProvider with
            io.lvs4j.health.NettyHealthMonitorProvider;
    provides io.lvs4j.spi.NameResolverProvider with
            io.lvs4j.health.NettyNameResolverProvider;
}
