/**
 * Interfaces, addresses, routes and rules of a host through rtnetlink(7). Start at {@link io.lvs4j.netlink.route.RouteNetlink},
 * which lists and changes them; {@link io.lvs4j.netlink.route.InterfaceMonitor} tells what others change. Records describe
 * what there is; the classes named {@code ...Codec} turn them to bytes and back. Formats: include/uapi/linux/rtnetlink.h, if_link.h,
 * if_addr.h, fib_rules.h.
 */
@NullMarked
package io.lvs4j.netlink.route;

import org.jspecify.annotations.NullMarked;
