/**
 * A conversation with a family of generic netlink: which number a family has, requests with their outcomes, lists. Formats:
 * include/uapi/linux/genetlink.h.
 */
@NullMarked
package io.lvs4j.netlink.genl;

import org.jspecify.annotations.NullMarked;
