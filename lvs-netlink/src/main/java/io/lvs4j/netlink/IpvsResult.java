package io.lvs4j.netlink;

import java.util.Optional;

/**
 * What became of a change.
 *
 * @param change the change
 * @param failure why the kernel refused it; empty if it carried it out
 */
public record IpvsResult(IpvsChange change, Optional<IpvsException> failure) {}
