/** The in-process TCP and UDP forwarder, on Netty event loops. */
module io.lvs4j.netty {
    requires transitive io.lvs4j;
    requires io.lvs4j.scheduler;
    requires transitive static org.jspecify;
    requires org.slf4j;
    requires io.netty.buffer;
    requires io.netty.common;
    requires transitive io.netty.transport;
    requires static io.netty.transport.classes.epoll;
}
