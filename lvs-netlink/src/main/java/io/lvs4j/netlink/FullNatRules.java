package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressRange;
import io.lvs4j.BackendException;
import io.lvs4j.LvsException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules for full NAT that the host has. A rule is known by its comment, which names its service: so the one that a crash has
 * left behind is found again, and nothing else is ever removed.
 */
final class FullNatRules {
    private static final Logger LOG = LoggerFactory.getLogger(FullNatRules.class);

    private final HostProgram program;

    FullNatRules(Optional<String> namespace) {
        program = new HostProgram(namespace, "full NAT");
    }

    /** Returns which rules there are of some services. Runs one program per address family. */
    Set<FullNatRule> present(Collection<IpvsServiceKey> services) {
        Set<FullNatRule> present = new LinkedHashSet<>();
        for (AddressFamily family : AddressFamily.values()) {
            List<IpvsServiceKey> ofFamily = services.stream()
                    .filter(service -> service.family() == family)
                    .toList();
            if (!ofFamily.isEmpty()) {
                present.addAll(
                        parse(program.run(ofFamily.get(0).toString(), FullNatRule.program(family, "-S")), ofFamily));
            }
        }
        return present;
    }

    /** Returns the rules of some services in what {@code iptables -S} has listed. */
    static Set<FullNatRule> parse(String listed, Collection<IpvsServiceKey> services) {
        Set<FullNatRule> rules = new LinkedHashSet<>();
        for (IpvsServiceKey service : services) {
            Pattern rule =
                    Pattern.compile("^-A POSTROUTING .*--comment \"" + Pattern.quote(FullNatRule.comment(service))
                            + "\" .*-j (MASQUERADE|SNAT --to-source (\\S+))\\s*$");
            for (String line : listed.split("\n", -1)) {
                Matcher matcher = rule.matcher(line);
                if (matcher.find()) {
                    String source = matcher.group(2);
                    if (source == null) {
                        rules.add(new FullNatRule(service, Optional.empty()));
                    } else {
                        range(source).ifPresent(at -> rules.add(new FullNatRule(service, Optional.of(at))));
                    }
                }
            }
        }
        return rules;
    }

    private static Optional<AddressRange> range(String text) {
        try {
            return Optional.of(AddressRange.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // none of ours
        }
    }

    /** Installs rules; if one cannot be, none of them is. */
    void install(Collection<FullNatRule> rules) {
        Set<FullNatRule> installed = new LinkedHashSet<>();
        try {
            for (FullNatRule rule : rules) {
                String unused = program.run(rule.service().toString(), rule.command("-A"));
                installed.add(rule);
            }
        } catch (BackendException e) {
            remove(installed);
            throw e;
        }
    }

    /** Removes rules that are there. Without its service a rule does nothing, so one that stays is no reason to fail. */
    void remove(Collection<FullNatRule> rules) {
        for (FullNatRule rule : rules) {
            try {
                String unused = program.run(rule.service().toString(), rule.command("-D"));
            } catch (LvsException e) {
                LOG.warn("A rule for full NAT may be left: {}", e.getMessage());
            }
        }
    }
}
