/** Health checks: the monitor and one probe per kind of check. */
module io.lvs4j.health {
    requires transitive io.lvs4j;
    requires transitive static org.jspecify;
    requires org.slf4j;
    requires io.netty.common;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.handler;
    requires transitive io.netty.transport;

    exports io.lvs4j.health;

    provides io.lvs4j.spi.HealthMonitorProvider with
            io.lvs4j.health.NettyHealthMonitorProvider;
}
