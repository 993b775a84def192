/**
 * Families of generic netlink: which number a family has, and a conversation with it. Formats: include/uapi/linux/genetlink.h.
 */
@NullMarked
package io.lvs4j.netlink.genl;

import org.jspecify.annotations.NullMarked;
