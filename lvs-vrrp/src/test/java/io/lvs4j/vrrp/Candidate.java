package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a host of a {@link Lan} takes part in an election with, in the words of each program that can: this library's, keepalived's and frr's.
 *
 * @param host its number
 * @param hosts how many there are
 * @param version of the protocol
 * @param family of the addresses
 * @param interval between adverts
 * @param password of version 2; empty = none
 * @param unicast whether adverts are sent to each other host instead of the group
 * @param priority its priority
 * @param preempt whether it takes over from a lower one
 * @param virtualMac whether it has an interface of its own; frr always has one
 */
record Candidate(
        int host,
        int hosts,
        VrrpVersion version,
        AddressFamily family,
        Duration interval,
        String password,
        boolean unicast,
        int priority,
        boolean preempt,
        boolean virtualMac) {
    static final String NAME = "VI_1";
    static final int ID = 51;
    static final String FRR_INTERFACE = "frr0";

    /** Host 1 of two, with version 3 over IPv4, 0.2 s, in multicast, with priority 100. */
    static final Candidate PLAIN = new Candidate(
            1, 2, VrrpVersion.V3, AddressFamily.INET, Duration.ofMillis(200), "", false, 100, true, false);

    Candidate on(int host, int priority) {
        return new Candidate(host, hosts, version, family, interval, password, unicast, priority, preempt, virtualMac);
    }

    Candidate among(int hosts) {
        return new Candidate(host, hosts, version, family, interval, password, unicast, priority, preempt, virtualMac);
    }

    /** Version 2, with adverts once a second. */
    Candidate version2(String password) {
        return new Candidate(
                host,
                hosts,
                VrrpVersion.V2,
                AddressFamily.INET,
                Duration.ofSeconds(1),
                password,
                unicast,
                priority,
                preempt,
                virtualMac);
    }

    Candidate ipv6() {
        return new Candidate(
                host, hosts, VrrpVersion.V3, AddressFamily.INET6, interval, "", unicast, priority, preempt, virtualMac);
    }

    Candidate every(Duration interval) {
        return new Candidate(host, hosts, version, family, interval, password, unicast, priority, preempt, virtualMac);
    }

    Candidate toPeers() {
        return new Candidate(host, hosts, version, family, interval, password, true, priority, preempt, virtualMac);
    }

    Candidate noPreempt() {
        return new Candidate(host, hosts, version, family, interval, password, unicast, priority, false, virtualMac);
    }

    Candidate withVirtualMac(boolean virtualMac) {
        return new Candidate(host, hosts, version, family, interval, password, unicast, priority, preempt, virtualMac);
    }

    /** Returns it as one word, from which {@link #parse} makes it again. */
    String word() {
        return String.join(
                ",",
                "" + host,
                "" + hosts,
                version.name(),
                family.name(),
                "" + interval.toMillis(),
                password,
                "" + unicast,
                "" + priority,
                "" + preempt,
                "" + virtualMac);
    }

    static Candidate parse(String word) {
        String[] parts = word.split(",", -1);
        return new Candidate(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                VrrpVersion.valueOf(parts[2]),
                AddressFamily.valueOf(parts[3]),
                Duration.ofMillis(Long.parseLong(parts[4])),
                parts[5],
                Boolean.parseBoolean(parts[6]),
                Integer.parseInt(parts[7]),
                Boolean.parseBoolean(parts[8]),
                Boolean.parseBoolean(parts[9]));
    }

    /** Returns the address that decides who is master. */
    String vip() {
        return family == AddressFamily.INET ? "10.77.0.100" : "fd77::100";
    }

    String vipWithPrefix() {
        return vip() + (family == AddressFamily.INET ? "/24" : "/64");
    }

    /** Returns where its adverts come from. */
    InetAddress source() {
        return Packets.address(address(host));
    }

    private List<String> addresses() {
        return family == AddressFamily.INET ? List.of(vipWithPrefix()) : List.of("fe80::5e:100/64", vipWithPrefix());
    }

    private String address(int number) {
        return family == AddressFamily.INET ? Lan.address(number) : "fe80::" + number;
    }

    private String each(Function<Integer, String> line) {
        return IntStream.rangeClosed(1, hosts)
                .filter(number -> number != host)
                .mapToObj(line::apply)
                .collect(Collectors.joining());
    }

    /** Returns it for {@link VrrpSpeaker}. */
    VirtualRouter router() {
        VirtualRouterBuilder builder = VirtualRouter.builder()
                .name(NAME)
                .virtualRouterId(ID)
                .version(version)
                .networkInterface("eth0")
                .advertisementInterval(interval)
                .priority(priority);
        addresses().forEach(builder::address);
        if (!password.isEmpty()) {
            builder.authentication(new Authentication(Authentication.Type.PASS, password));
        }
        if (unicast) {
            InetAddress[] peers = IntStream.rangeClosed(1, hosts)
                    .filter(number -> number != host)
                    .mapToObj(number -> Packets.address(address(number)))
                    .toArray(InetAddress[]::new);
            builder.transport(Transport.unicast(Packets.address(address(host)), peers));
        }
        if (!preempt) {
            builder.noPreempt();
        }
        if (virtualMac) {
            builder.virtualMac(VirtualMac.standard());
        }
        return builder.build();
    }

    /** Returns it as keepalived.conf. */
    String keepalivedConf() {
        StringBuilder text = new StringBuilder("vrrp_instance " + NAME + " {\n state BACKUP\n interface eth0\n")
                .append(" version " + version.number() + "\n virtual_router_id " + ID + "\n priority " + priority
                        + "\n")
                .append(" advert_int " + interval.toMillis() / 1000.0 + "\n");
        if (!preempt) {
            text.append(" nopreempt\n");
        }
        if (virtualMac) {
            text.append(" use_vmac\n");
        }
        if (!password.isEmpty()) {
            text.append(" authentication {\n  auth_type PASS\n  auth_pass " + password + "\n }\n");
        }
        if (unicast) {
            text.append(" unicast_src_ip " + address(host) + "\n unicast_peer {\n")
                    .append(each(number -> "  " + address(number) + "\n"))
                    .append(" }\n");
        }
        text.append(" virtual_ipaddress {\n");
        addresses().forEach(each -> text.append("  " + each + "\n"));
        return text.append(" }\n}\n").toString();
    }

    /** Returns what {@code ip} is to do before frr starts. */
    List<String> frrInterface() {
        boolean ipv4 = family == AddressFamily.INET;
        List<String> commands = new ArrayList<>(List.of(
                "link add " + FRR_INTERFACE + " link eth0 type macvlan mode bridge",
                "link set " + FRR_INTERFACE + " address 00:00:5e:00:0" + (ipv4 ? 1 : 2) + ":" + Integer.toHexString(ID),
                "link set " + FRR_INTERFACE + " up"));
        addresses()
                .forEach(
                        each -> commands.add("address add " + each + " dev " + FRR_INTERFACE + (ipv4 ? "" : " nodad")));
        return commands;
    }

    /** Returns it as vrrpd.conf of frr, which knows neither passwords nor unicast. */
    String frrConf() {
        String begin = " vrrp " + ID + " ";
        StringBuilder text = new StringBuilder(
                        "debug vrrp protocol\ninterface eth0\n" + begin + "version " + version.number() + "\n")
                .append(begin + "priority " + priority + "\n")
                .append(begin + "advertisement-interval " + interval.toMillis() + "\n");
        if (!preempt) {
            text.append(" no" + begin + "preempt\n");
        }
        addresses()
                .forEach(each -> text.append(begin + (family == AddressFamily.INET ? "ip " : "ipv6 ")
                        + each.substring(0, each.indexOf('/')) + "\n"));
        return text.toString();
    }
}
