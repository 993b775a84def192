package io.lvs4j;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a service, by address. A denied network is denied, whatever else is allowed; of the others everybody is allowed
 * if no network is named as such, and else those within one that is. Where balancers in front tell clients' addresses by the
 * PROXY protocol, those addresses count, and the fronts' own do not. IPv4 and IPv6 are told apart: {@code ::/0} is all of IPv6.
 *
 * @param allow the networks allowed; empty = everybody
 * @param deny the networks denied; empty = nobody
 */
public record AccessList(List<AddressPrefix> allow, List<AddressPrefix> deny) {
    private static final AccessList EVERYBODY = new AccessList(List.of(), List.of());
    private static final Comparator<byte[]> BY_FAMILY_AND_ADDRESS =
            Comparator.<byte[]>comparingInt(bytes -> bytes.length).thenComparing(Arrays::compareUnsigned);

    /** Refuses to allow a network that is denied, or that lies within one: it would not be allowed. */
    public AccessList {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        Map.Entry<AddressPrefix, AddressPrefix> contradiction = contradiction(allow, deny);
        if (contradiction != null) {
            throw new IllegalArgumentException("allow: " + contradiction.getKey()
                    + " (expected: no network that is denied, it is within " + contradiction.getValue() + ")");
        }
    }

    /** Denied networks that lie within others are left out, so that the one that begins last before an address decides. */
    private static Map.@Nullable Entry<AddressPrefix, AddressPrefix> contradiction(
            List<AddressPrefix> allow, List<AddressPrefix> deny) {
        TreeMap<byte[], AddressPrefix> denied = new TreeMap<>(BY_FAMILY_AND_ADDRESS);
        List<AddressPrefix> widestFirst = new ArrayList<>(deny);
        widestFirst.sort(Comparator.comparingInt(AddressPrefix::length));
        for (AddressPrefix network : widestFirst) {
            if (around(network, denied) == null) {
                denied.put(network.address().getAddress(), network);
            }
        }
        for (AddressPrefix network : allow) {
            AddressPrefix around = around(network, denied);
            if (around != null) {
                return Map.entry(network, around);
            }
        }
        return null;
    }

    private static @Nullable AddressPrefix around(AddressPrefix network, TreeMap<byte[], AddressPrefix> disjoint) {
        Map.Entry<byte[], AddressPrefix> before =
                disjoint.floorEntry(network.address().getAddress());
        if (before == null) {
            return null;
        }
        AddressPrefix candidate = before.getValue();
        return candidate.length() <= network.length() && candidate.contains(network.address()) ? candidate : null;
    }

    /** {@return everybody is allowed} */
    public static AccessList everybody() {
        return EVERYBODY;
    }

    /**
     * {@return a copy that allows these networks, too}
     *
     * @param networks such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
     * @throws IllegalArgumentException if one is malformed or denied
     */
    public AccessList withAllowed(String... networks) {
        return new AccessList(plus(allow, networks), deny);
    }

    /**
     * {@return a copy that denies these networks, too}
     *
     * @param networks such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
     * @throws IllegalArgumentException if one is malformed, or one that is allowed lies within it
     */
    public AccessList withDenied(String... networks) {
        return new AccessList(allow, plus(deny, networks));
    }

    private static List<AddressPrefix> plus(List<AddressPrefix> list, String... networks) {
        List<AddressPrefix> all = new ArrayList<>(list);
        for (String network : networks) {
            all.add(AddressPrefix.parse(network));
        }
        return all;
    }

    /**
     * {@return whether an address is permitted} Looks at every network; backends have quicker ways.
     *
     * @param address an IPv4 or IPv6 address
     */
    public boolean permits(InetAddress address) {
        return deny.stream().noneMatch(network -> network.contains(address))
                && (allow.isEmpty() || allow.stream().anyMatch(network -> network.contains(address)));
    }

    /** Such as {@code allow 10.0.0.0/8 deny 10.1.0.0/16}; {@code everybody} if nothing is said. */
    @Override
    public String toString() {
        String allowed = allow.isEmpty() ? "" : "allow " + text(allow);
        String denied = deny.isEmpty() ? "" : "deny " + text(deny);
        String both = allowed + (allowed.isEmpty() || denied.isEmpty() ? "" : " ") + denied;
        return both.isEmpty() ? "everybody" : both;
    }

    private static String text(List<AddressPrefix> networks) {
        return networks.stream().map(AddressPrefix::toString).collect(Collectors.joining(","));
    }
}
