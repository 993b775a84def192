package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ServiceStateTest {
    private static final IpvsServiceKey KEY = TestEntries.tcp("10.0.0.1", 80);

    @Property
    void theChangesLeadFromOneStateToTheOtherAndNothingIsWrittenTwice(@ForAll long seed) {
        TestEntries entries = new TestEntries(seed);
        Optional<ServiceState> before = entries.perhaps(() -> state(entries));
        Optional<ServiceState> after = entries.perhaps(() -> state(entries));
        Table table = new Table(before);
        for (IpvsChange change : ServiceState.changes(before, after)) {
            table.apply(change);
        }
        assertThat(table.service).isEqualTo(after.map(ServiceState::service).orElse(null));
        assertThat(table.destinations)
                .containsExactlyInAnyOrderElementsOf(
                        after.map(ServiceState::destinations).orElse(List.of()));
    }

    @Property
    void aStateThatIsRightIsLeftAlone(@ForAll long seed) {
        Optional<ServiceState> state = Optional.of(state(new TestEntries(seed)));
        assertThat(ServiceState.changes(state, state)).isEmpty();
    }

    @Property
    void aServiceThatHasAServerBeforeAndAfterHasOneAllTheTime(@ForAll long seed) {
        TestEntries entries = new TestEntries(seed);
        ServiceState before = state(entries);
        ServiceState after = new ServiceState(before.service(), entries.destinations(KEY));
        if (!usable(before.destinations()) || !usable(after.destinations())) {
            return;
        }
        Table table = new Table(Optional.of(before));
        for (IpvsChange change : ServiceState.changes(Optional.of(before), Optional.of(after))) {
            table.apply(change);
            assertThat(usable(table.destinations)).as("after %s", change).isTrue();
        }
    }

    private static boolean usable(List<IpvsDestination> destinations) {
        return destinations.stream().anyMatch(destination -> destination.weight() > 0);
    }

    private static ServiceState state(TestEntries entries) {
        IpvsService any = entries.service();
        return new ServiceState(
                IpvsService.of(KEY, any.scheduler()).withSchedulerFlags(any.schedulerFlags()),
                entries.destinations(KEY));
    }

    /** What the kernel would make of changes, strictly. */
    private static final class Table {
        IpvsService service;
        final List<IpvsDestination> destinations = new ArrayList<>();

        Table(Optional<ServiceState> before) {
            before.ifPresent(state -> {
                service = state.service();
                destinations.addAll(state.destinations());
            });
        }

        void apply(IpvsChange change) {
            if (change instanceof IpvsChange.AddService add) {
                assertThat(service).isNull();
                service = add.settings();
            } else if (change instanceof IpvsChange.EditService edit) {
                assertThat(service).isNotNull().isNotEqualTo(edit.settings());
                service = edit.settings();
            } else if (change instanceof IpvsChange.RemoveService) {
                assertThat(service).isNotNull();
                service = null;
                destinations.clear();
            } else if (change instanceof IpvsChange.AddDestination add) {
                assertThat(index(add.settings().address(), add.settings().port()))
                        .isNegative();
                destinations.add(add.settings());
            } else if (change instanceof IpvsChange.EditDestination edit) {
                int index = index(edit.settings().address(), edit.settings().port());
                assertThat(destinations.get(index)).isNotEqualTo(edit.settings());
                destinations.set(index, edit.settings());
            } else if (change instanceof IpvsChange.RemoveDestination remove) {
                destinations.remove(index(remove.address(), remove.port()));
            } else {
                throw new AssertionError(change);
            }
        }

        private int index(InetAddress address, int port) {
            for (int i = 0; i < destinations.size(); i++) {
                if (destinations.get(i).address().equals(address)
                        && destinations.get(i).port() == port) {
                    return i;
                }
            }
            return -1;
        }
    }
}
