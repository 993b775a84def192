package io.lvs4j.netlink.route;

import io.lvs4j.AddressPrefix;
import io.lvs4j.netlink.conversation.Call;
import io.lvs4j.netlink.wire.MessageWriter;

/** Routes as {@code struct rtmsg}, rules as {@code struct fib_rule_hdr}, which begins like it, and their attributes. */
final class RouteCodec {
    private static final int NEW_ROUTE = 24;
    private static final int DELETE_ROUTE = 25;
    private static final int NEW_RULE = 32;
    private static final int DELETE_RULE = 33;

    private static final int DESTINATION = 1;
    private static final int SOURCE = 2; // of a rule
    private static final int INPUT_NAME = 3; // of a rule
    private static final int OUTPUT_INTERFACE = 4;
    private static final int GATEWAY = 5;
    private static final int PRIORITY = 6; // of a route and a rule
    private static final int PREFERRED_SOURCE = 7;
    private static final int MARK = 10; // of a rule
    private static final int TABLE = 15; // of a route and a rule
    private static final int OUTPUT_NAME = 17; // of a rule
    private static final int PROTOCOL = 21; // of a rule

    /**
     * Who has made the route or rule, as keepalived says it: {@code RTPROT_KEEPALIVED}, which stands for VRRP. In a request to remove it is
     * what keeps the kernel from taking somebody else's.
     */
    private static final int PROTOCOL_VRRP = 18;

    private static final int MOST_SHORT_TABLE = 255;
    private static final int NOWHERE = 255; // RT_SCOPE_NOWHERE: any, in a request to remove

    private RouteCodec() {}

    static Call add(Route route, int flags) {
        return new Call(NEW_ROUTE, flags, writer -> write(writer, route, route.effectiveScope()));
    }

    static Call remove(Route route) {
        int scope = route.scope().isPresent() ? route.effectiveScope() : NOWHERE;
        return new Call(DELETE_ROUTE, 0, writer -> write(writer, route, scope));
    }

    private static void write(MessageWriter writer, Route route, int scope) {
        writer.raw8(RouteBytes.number(route.family()))
                .raw8(route.destination().map(AddressPrefix::length).orElse(0))
                .raw8(0) // no source network
                .raw8(0) // any type of service
                .raw8(shortTable(route.table()))
                .raw8(PROTOCOL_VRRP)
                .raw8(scope)
                .raw8(route.type().number())
                .raw32(0);
        route.destination()
                .ifPresent(
                        network -> writer.bytes(DESTINATION, network.address().getAddress()));
        route.gateway().ifPresent(hop -> writer.bytes(GATEWAY, hop.getAddress()));
        route.interfaceIndex().ifPresent(index -> writer.u32(OUTPUT_INTERFACE, index));
        route.source().ifPresent(address -> writer.bytes(PREFERRED_SOURCE, address.getAddress()));
        route.metric().ifPresent(metric -> writer.u32(PRIORITY, metric));
        writer.u32(TABLE, route.table());
    }

    static Call add(RoutingRule rule, int flags) {
        return new Call(NEW_RULE, flags, writer -> write(writer, rule));
    }

    static Call remove(RoutingRule rule) {
        return new Call(DELETE_RULE, 0, writer -> write(writer, rule));
    }

    private static void write(MessageWriter writer, RoutingRule rule) {
        writer.raw8(RouteBytes.number(rule.family()))
                .raw8(rule.to().map(AddressPrefix::length).orElse(0))
                .raw8(rule.from().map(AddressPrefix::length).orElse(0))
                .raw8(0) // any type of service
                .raw8(shortTable(rule.table()))
                .raw16(0)
                .raw8(rule.action().number())
                .raw32(0);
        rule.to()
                .ifPresent(
                        network -> writer.bytes(DESTINATION, network.address().getAddress()));
        rule.from().ifPresent(network -> writer.bytes(SOURCE, network.address().getAddress()));
        rule.inputDevice().ifPresent(name -> writer.text(INPUT_NAME, name));
        rule.outputDevice().ifPresent(name -> writer.text(OUTPUT_NAME, name));
        rule.mark().ifPresent(mark -> writer.u32(MARK, mark));
        rule.priority().ifPresent(priority -> writer.u32(PRIORITY, priority));
        writer.u8(PROTOCOL, PROTOCOL_VRRP);
        if (rule.table() != 0) {
            writer.u32(TABLE, rule.table());
        }
    }

    /** Returns what the header's byte says of a table whose number an attribute has. */
    private static int shortTable(long table) {
        return table > MOST_SHORT_TABLE ? 0 : (int) table;
    }
}
