/**
 * Netlink messages and their attributes as bytes, and nothing else: pure functions over byte buffers. Whatever is read is taken
 * for hostile: a length is checked before it is believed, and what does not fit is a {@link
 * io.lvs4j.netlink.wire.MalformedMessageException}. Formats: netlink(7), include/uapi/linux/netlink.h and genetlink.h.
 */
@NullMarked
package io.lvs4j.netlink.wire;

import org.jspecify.annotations.NullMarked;
