/**
 * Sockets that Java does not have, and the one class that calls the C library. Nothing in here knows what is sent.
 */
@NullMarked
package io.lvs4j.netlink.socket;

import org.jspecify.annotations.NullMarked;
