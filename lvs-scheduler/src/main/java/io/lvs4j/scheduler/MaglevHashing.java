package io.lvs4j.scheduler;

import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code mh}: a client address always gets the same destination, without any memory of clients, and few clients move when
 * servers come and go. Follows {@code ip_vs_mh.c} of 64-bit kernels, after the Maglev paper (Eisenbud and others, NSDI 2016);
 * {@link MaglevTable} has the arithmetic. Linux 6.1 was measured to choose the same servers.
 *
 * <p>The rule: the client's address is hashed to an entry of a table; destinations own entries in proportion to their
 * weights. A table of 4093 entries is the kernel's default; take a larger one when there are less than 100 entries for a
 * server, or shares will be far from the weights. Directors with equal servers, added in the same order, and equal tables
 * decide alike.
 *
 * <p>The owner of the entry gets the connection or nobody does. The weight that counts for the table is the last one that was
 * not 0: a quiesced destination keeps its entries, and their clients are refused, until it is removed. One that was added
 * with weight 0 owns nothing. (The kernel remembers that weight with the server, this class with itself: a destination that
 * is quiesced when a service turns to {@code mh} owns nothing here.)
 *
 * <p>{@code mh-fallback}: if the owner of entry {@code e} cannot be used, the address is hashed again with {@code (e + i) mod
 * size} added to it, for i = 0, 1, 2 ... size - 1, until an owner is found that can.
 *
 * <p>{@code mh-port}: the client's port is added to its address before it is hashed.
 *
 * <p>Concurrency: the table is an immutable snapshot. It is built by {@code update}: 65521 entries take about 2 ms.
 */
final class MaglevHashing implements Scheduler {
    private static final int DEFAULT_TABLE_SIZE = 4093;

    /** The logarithm of the smallest size in the kernel's configuration. */
    private static final int MIN_INDEX = 8;

    /** After so many owners in vain it pays to look whether there is anybody at all. */
    private static final int PATIENCE = 32;

    private final boolean fallback;
    private final int portMask;
    private final int tableSize;
    private final int index;
    private Map<Destination, Integer> lastWeights = Map.of();
    private volatile MaglevTable table;

    MaglevHashing(Scheduling settings) {
        fallback = settings.flags().contains(SchedulerFlag.MH_FALLBACK);
        portMask = settings.flags().contains(SchedulerFlag.MH_PORT) ? 0xffff : 0;
        tableSize = settings.tableSize().orElse(DEFAULT_TABLE_SIZE);
        index = MIN_INDEX + Scheduling.TABLE_SIZES.indexOf(tableSize);
        table = new MaglevTable(List.of(), new int[0], tableSize, index);
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        MaglevTable current = table;
        int number = number(flow);
        int own = current.entry(number);
        Destination owner = current.owner(own);
        if (owner == null || flow.canUse(owner)) {
            return owner;
        }
        int other = fallback ? substitute(current, number, own, flow) : -1;
        return other < 0 ? null : current.owner(other);
    }

    private int number(Flow flow) {
        return flow.clientFolded() + (flow.clientPort() & portMask);
    }

    /** Finds the entry that stands in for one whose owner cannot be used, -1 if there is none. */
    private static int substitute(MaglevTable table, int number, int own, Flow flow) {
        int offset = own;
        for (int i = 0; i < table.size(); i++) {
            int entry = table.entry(number + offset);
            Destination owner = table.owner(entry);
            if (owner != null && flow.canUse(owner)) {
                return entry;
            }
            if (i == PATIENCE && !table.hasUsable(flow)) {
                return -1;
            }
            offset = offset + 1 == table.size() ? 0 : offset + 1;
        }
        return -1;
    }

    @Override
    public void update(List<Destination> destinations) {
        Map<Destination, Integer> weights = new HashMap<>();
        int[] inOrder = new int[destinations.size()];
        for (int i = 0; i < inOrder.length; i++) {
            Destination destination = destinations.get(i);
            int weight = destination.weight();
            inOrder[i] = weight == 0 ? lastWeights.getOrDefault(destination, 0) : weight;
            weights.put(destination, inOrder[i]);
        }
        lastWeights = weights;
        table = new MaglevTable(destinations, inOrder, tableSize, index);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        MaglevTable current = table;
        int number = number(flow);
        int own = current.entry(number);
        Destination owner = current.owner(own);
        if (owner == null) {
            return Optional.of(new Choice(null, "there are no servers, or none has had a weight other than 0"));
        }
        String whose = "entry " + own + " of " + current.size() + " belongs to ";
        if (flow.canUse(owner)) {
            return Optional.of(new Choice(owner, whose + "it"));
        }
        whose += owner.key() + ", which cannot be used";
        int other = fallback ? substitute(current, number, own, flow) : -1;
        return Optional.of(
                other < 0
                        ? new Choice(null, whose)
                        : new Choice(
                                current.owner(other),
                                whose + "; entry " + other + " stands in for it and belongs to this one"));
    }
}
