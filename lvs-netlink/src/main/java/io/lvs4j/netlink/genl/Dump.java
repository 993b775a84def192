package io.lvs4j.netlink.genl;

import io.lvs4j.netlink.wire.Attributes;
import java.util.List;

/**
 * A list that the kernel gave.
 *
 * @param entries the attributes of each entry
 * @param parts how many datagrams the entries came in; the kernel takes what is in one in one go
 * @param interrupted whether the kernel says that something changed meanwhile; that it does not say so proves nothing
 */
public record Dump(List<Attributes> entries, int parts, boolean interrupted) {
    /** Copies the list. */
    public Dump {
        entries = List.copyOf(entries);
    }
}
