package io.lvs4j.examples;

import io.lvs4j.VirtualService;
import io.lvs4j.ipvsadm.Rules;
import io.lvs4j.keepalived.KeepalivedWriter;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules of ipvsadm as keepalived.conf.
 *
 * @param text the configuration
 * @param lost what it does not have of the rules, a line each
 */
record KeepalivedText(String text, List<String> lost) {
    static KeepalivedText of(String rules) {
        Rules.Services services = Rules.read("kernel", rules).services();
        List<String> lost = new ArrayList<>();
        services.diagnostics().stream()
                .filter(each -> each.severity() == Severity.ERROR)
                .forEach(each -> lost.add("left out: " + each.message()));
        List<VirtualService> possible = new ArrayList<>();
        for (VirtualService each : services.services()) {
            try {
                lost.addAll(KeepalivedWriter.of(List.of(each)).lost());
                possible.add(each);
            } catch (IllegalArgumentException e) {
                lost.add("left out: " + e.getMessage());
            }
        }
        return new KeepalivedText(KeepalivedWriter.of(possible).text(), List.copyOf(lost));
    }
}
