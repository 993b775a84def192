package io.lvs4j.netlink.conversation;

import java.util.List;

/**
 * A list that the kernel gave.
 *
 * @param entries what was read of each entry
 * @param parts how many datagrams the entries came in; the kernel takes what is in one in one go
 * @param interrupted whether the kernel says that something changed meanwhile; that it does not say so proves nothing
 * @param <T> what is read of an entry
 */
public record Dump<T>(List<T> entries, int parts, boolean interrupted) {
    /** Copies the list. */
    public Dump {
        entries = List.copyOf(entries);
    }
}
