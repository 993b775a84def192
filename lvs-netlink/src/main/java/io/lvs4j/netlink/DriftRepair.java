package io.lvs4j.netlink;

import io.lvs4j.LvsException;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Repair;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the kernel's table, the sync daemons and the rules for full NAT are as they were told to be, and mends what
 * somebody else has changed. Who has to mend a service again and again waits twice as long each time.
 */
final class DriftRepair {
    private static final Logger LOG = LoggerFactory.getLogger(DriftRepair.class);

    private final Ipvs ipvs;
    private final TableWriter writer;
    private final SyncDaemons daemons;
    private final FullNatRules fullNat;
    private final @Nullable ForeignServices foreign;
    private final Quarrels quarrels = new Quarrels(IpvsBackend.MAX_PATIENCE);
    private final Quarrels ruleQuarrels = new Quarrels(IpvsBackend.MAX_PATIENCE);

    /**
     * Begins.
     *
     * @param foreign removes services that nobody describes; null = they are left alone
     */
    DriftRepair(
            Ipvs ipvs,
            TableWriter writer,
            SyncDaemons daemons,
            FullNatRules fullNat,
            @Nullable ForeignServices foreign) {
        this.ipvs = ipvs;
        this.writer = writer;
        this.daemons = daemons;
        this.fullNat = fullNat;
        this.foreign = foreign;
    }

    /**
     * Looks at everything, whatever fails.
     *
     * @return what was mended
     * @throws LvsException if something failed, and nothing was mended that could be told of
     */
    List<Repair> repair(Collection<Pool> pools, Predicate<ServiceKey> quiesced) {
        List<Repair> repairs = new ArrayList<>();
        List<Runnable> looks = List.of(
                () -> mendServices(pools, quiesced, repairs),
                () -> removeForeign(pools, repairs),
                daemons::repair,
                () -> mendRules(pools, repairs));
        LvsException failure = null;
        for (Runnable look : looks) {
            try {
                look.run();
            } catch (LvsException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null && repairs.isEmpty()) {
            throw failure;
        }
        if (failure != null) {
            LOG.warn("Not all could be looked at or mended", failure);
        }
        return repairs;
    }

    private void mendServices(Collection<Pool> pools, Predicate<ServiceKey> quiesced, List<Repair> repairs) {
        for (Pool pool : pools) {
            ServiceKey service = pool.service().key();
            List<TableWriter.Reading> now = writer.read(service);
            boolean drifted = writer.drifted(now);
            if (!drifted) {
                quarrels.quiet(service);
                writer.write(pool, quiesced.test(service), now);
            } else if (quarrels.mayMend(service)) {
                List<IpvsChange> mended = writer.write(pool, quiesced.test(service), now);
                repairs.add(new Repair(
                        service, mended.stream().map(IpvsChange::toString).toList()));
            }
        }
    }

    private void removeForeign(Collection<Pool> pools, List<Repair> repairs) {
        if (foreign != null) {
            Set<IpvsServiceKey> own = pools.stream()
                    .flatMap(pool -> KernelSettings.keys(pool.service().key()).stream())
                    .collect(Collectors.toSet());
            repairs.addAll(foreign.remove(ipvs, own));
        }
    }

    private void mendRules(Collection<Pool> pools, List<Repair> repairs) {
        List<IpvsServiceKey> keys = pools.stream()
                .flatMap(pool -> FullNatRule.of(pool.service()).stream())
                .map(FullNatRule::service)
                .toList();
        Set<FullNatRule> present = fullNat.present(keys); // asks nobody if there are none
        for (Pool pool : pools) {
            ServiceKey service = pool.service().key();
            List<FullNatRule> missing = FullNatRule.of(pool.service()).stream()
                    .filter(rule -> !present.contains(rule))
                    .toList();
            if (missing.isEmpty()) {
                ruleQuarrels.quiet(service);
            } else if (ruleQuarrels.mayMend(service)) {
                fullNat.install(missing);
                repairs.add(new Repair(
                        service, missing.stream().map(rule -> "add " + rule).toList()));
            }
        }
    }

    /** Forgets a service that has gone. */
    void forget(ServiceKey service) {
        quarrels.quiet(service);
        ruleQuarrels.quiet(service);
    }
}
