package io.lvs4j.ipvsadm;

import io.lvs4j.AddressFamily;
import io.lvs4j.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which ipvsadm lists services and servers. It subtracts 32-bit numbers and looks at the sign, so that addresses more
 * than half of all addresses apart are the wrong way round (172.16.0.1 comes before 10.0.0.1), and three may follow each other in a
 * circle. What comes of that depends on how it is sorted: by the C library's merge sort, which is done here likewise.
 */
final class ListingOrder {
    private static final int WORDS = 4;

    private ListingOrder() {}

    static final Comparator<ListedService> SERVICES =
            (a, b) -> services(a.rule().address(), b.rule().address());

    static final Comparator<ListedServer> SERVERS = (a, b) -> {
        int order = addresses(a.rule().address(), b.rule().address());
        return order != 0 ? order : Integer.compare(a.rule().port(), b.rule().port());
    };

    private static int services(ServiceAddress a, ServiceAddress b) {
        int order = mark(a) - mark(b);
        if (order == 0) {
            order = a.family().compareTo(b.family());
        }
        if (order != 0 || !(a instanceof ServiceAddress.At first) || !(b instanceof ServiceAddress.At second)) {
            return order;
        }
        order = Integer.compare(number(first.protocol()), number(second.protocol()));
        if (order == 0) {
            order = addresses(first.address(), second.address());
        }
        return order != 0 ? order : Integer.compare(first.port(), second.port());
    }

    private static int mark(ServiceAddress address) {
        return address instanceof ServiceAddress.Mark mark ? (int) mark.mark() : 0;
    }

    private static int number(Protocol protocol) {
        return switch (protocol) {
            case TCP -> 6;
            case UDP -> 17;
            case SCTP -> 132;
        };
    }

    private static int addresses(InetAddress a, InetAddress b) {
        int words = AddressFamily.of(a) == AddressFamily.INET6 ? WORDS : 1;
        int order = 0;
        for (int i = 0; order == 0 && i < words; i++) {
            order = word(a, i) - word(b, i);
        }
        return order;
    }

    /** Returns 32 bits of an address; an IPv4 address is followed by zeros. */
    private static int word(InetAddress address, int index) {
        byte[] bytes = address.getAddress();
        int word = 0;
        for (int i = index * 4; i < index * 4 + 4; i++) {
            word = (word << Byte.SIZE) | (i < bytes.length ? bytes[i] & 0xff : 0);
        }
        return word;
    }

    /** Sorts: halves first, the first half the smaller one; of two that compare equal the one of the first half goes first. */
    static <T> List<T> sort(List<T> list, Comparator<T> order) {
        if (list.size() <= 1) {
            return list;
        }
        int half = list.size() / 2;
        List<T> left = sort(list.subList(0, half), order);
        List<T> right = sort(list.subList(half, list.size()), order);
        List<T> merged = new ArrayList<>(list.size());
        int l = 0;
        int r = 0;
        while (l < left.size() && r < right.size()) {
            merged.add(order.compare(left.get(l), right.get(r)) <= 0 ? left.get(l++) : right.get(r++));
        }
        merged.addAll(left.subList(l, left.size()));
        merged.addAll(right.subList(r, right.size()));
        return merged;
    }
}
