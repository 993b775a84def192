package io.lvs4j.netlink.socket;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What a {@link RawSocket} has received. Whatever is in it may have been made up by somebody.
 *
 * @param payload what follows the IP header; it is overwritten when the socket receives again
 * @param source where it says that it comes from; of a link-local one, the interface is not part
 * @param destination where it was sent to: an address of this host, or a group
 * @param hopLimit the time to live (IPv4) or hop limit (IPv6) that it arrived with, 0..255
 * @param age how long ago the kernel has received it, by the time of day: if that is set meanwhile, it is wrong by as much. Never
 *     negative; 0 if the kernel does not say
 */
public record Datagram(ByteBuffer payload, InetAddress source, InetAddress destination, int hopLimit, Duration age) {}
