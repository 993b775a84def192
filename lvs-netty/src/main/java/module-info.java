/** The in-process TCP and UDP forwarder, on Netty event loops. Start at {@link io.lvs4j.netty.NettyBackend}. */
module io.lvs4j.netty {
    requires transitive io.lvs4j;
    requires io.lvs4j.scheduler;
    requires transitive static org.jspecify;
    requires org.slf4j;
    requires java.management;
    requires jdk.management;
    requires io.netty.buffer;
    requires io.netty.common;
    requires transitive io.netty.transport;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.unix.common;

    exports io.lvs4j.netty;

    provides io.lvs4j.spi.BackendProvider with
            io.lvs4j.netty.NettyBackendProvider;
}
