package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.vrrp.Authentication;
import io.lvs4j.vrrp.UnicastPeer;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualMac;
import io.lvs4j.vrrp.VirtualRoute;
import io.lvs4j.vrrp.VirtualRouter.State;
import io.lvs4j.vrrp.VirtualRule;
import io.lvs4j.vrrp.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code vrrp_instance}, as it is read. What is null is not said. Not thread-safe. */
final class RouterDraft {
    final String name;
    final Position at;
    /** Where its block ends. */
    final Position end;
    /** How many errors there were before it. */
    final int errorsBefore;

    final NotifyDraft notify = new NotifyDraft();
    final TrackingDraft tracking = new TrackingDraft();
    final List<VirtualAddress> addresses = new ArrayList<>();
    final List<VirtualAddress> excluded = new ArrayList<>();
    final List<VirtualRoute> routes = new ArrayList<>();
    final List<VirtualRule> rules = new ArrayList<>();
    final List<UnicastPeer> peers = new ArrayList<>();
    /** That of the first address of any kind. */
    @Nullable
    AddressFamily family;

    @Nullable
    VrrpVersion version;

    @Nullable
    String networkInterface;

    @Nullable
    String vrf;

    int id;
    int priority;

    @Nullable
    State state;

    @Nullable
    Duration interval;

    boolean noPreempt;
    Duration preemptDelay = Duration.ZERO;

    Authentication.@Nullable Type authType;

    String password = "";
    /** Whether any keyword speaks of unicast. */
    boolean unicast;

    @Nullable
    InetAddress source;

    boolean trackSource;

    @Nullable
    InetAddress group;

    @Nullable
    Integer ttl;

    boolean checkSource;

    @Nullable
    Boolean oldChecksum;

    boolean faultWithoutPeers;

    @Nullable
    Long receiveBuffer;

    boolean untrackedInterface;

    VirtualMac.@Nullable Type macType;

    @Nullable
    String macName;

    @Nullable
    String mac;

    @Nullable
    VirtualAddress macAddress;

    boolean macForAll;
    boolean sendOnBase;

    @Nullable
    Boolean strict;

    @Nullable
    Boolean accept;

    boolean skipAddressCheck;
    boolean promoteSecondaries;

    @Nullable
    Boolean lowerPriorityNoAdvert;

    @Nullable
    Boolean higherPrioritySendAdvert;

    @Nullable
    Integer downAfterAdverts;

    @Nullable
    Long repeat;

    @Nullable
    Duration delay;

    @Nullable
    Duration refresh;

    @Nullable
    Long refreshRepeat;

    @Nullable
    Long lowerPriorityRepeat;

    @Nullable
    Duration lowerPriorityDelay;

    @Nullable
    Duration otherInterfaces;
    /** The group that it is in; found when all is read. */
    @Nullable
    SyncGroupDraft sync;

    boolean faulty;

    RouterDraft(Arguments arguments) {
        name = arguments.word(0).text();
        at = arguments.at();
        end = arguments.statement().block().map(Block::close).orElse(at);
        errorsBefore = arguments.reading().errors();
    }

    /** {@return it as a message names it} */
    String shown() {
        return "vrrp_instance " + Reading.shown(name);
    }

    /** {@return whether an address is of the family of those before it, which has been told otherwise} */
    boolean takes(InetAddress address, Position where, Reading reading) {
        AddressFamily its = AddressFamily.of(address);
        if (family == null) {
            family = its;
        }
        if (family != its) {
            reading.error(
                    "family-mismatch",
                    where,
                    shown() + ": " + address.getHostAddress() + " (expected: an address of family " + family
                            + ", as those before it)");
        }
        return family == its;
    }
}
