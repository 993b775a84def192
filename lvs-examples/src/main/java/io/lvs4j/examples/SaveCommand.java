package io.lvs4j.examples;

import io.lvs4j.ipvsadm.Command.AddServer;
import io.lvs4j.ipvsadm.Command.AddService;
import io.lvs4j.ipvsadm.ListedServer;
import io.lvs4j.ipvsadm.ListedService;
import io.lvs4j.ipvsadm.ServiceListing;
import io.lvs4j.netlink.Ipvs;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the kernel's table as rules. */
@Command(
        name = "save",
        description =
                "Writes the kernel's virtual services as ipvsadm -Sn does, and with the thresholds that it forgets.",
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class,
        sortOptions = false,
        footer = {
            "",
            "Exit codes: 0 = all is written, 1 = it broke or keepalived.conf has no words for some of it, 2 = bad options."
        })
final class SaveCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "<name>",
            description =
                    "ipvsadm, or keepalived for a keepalived.conf: what that cannot say is told. Default: ipvsadm.")
    private String format = "ipvsadm";

    @Override
    public Integer call() {
        if (!List.of("ipvsadm", "keepalived").contains(format)) {
            throw new BadInput("--format", format, "ipvsadm or keepalived");
        }
        String rules;
        try (Ipvs ipvs = Ipvs.open()) {
            rules = text(KernelTable.listing(ipvs).sorted());
        }
        boolean all = true;
        if (format.equals("ipvsadm")) {
            spec.commandLine().getOut().print(rules);
        } else {
            KeepalivedText text = KeepalivedText.of(rules);
            spec.commandLine().getOut().print(text.text());
            text.lost().forEach(spec.commandLine().getErr()::println);
            all = text.lost().isEmpty();
        }
        spec.commandLine().getOut().flush();
        return all ? Lvs.OK : Lvs.BROKEN;
    }

    /** Returns the rules that make a table. */
    static String text(ServiceListing table) {
        StringBuilder text = new StringBuilder();
        for (ListedService service : table.services()) {
            text.append(new AddService(service.rule())).append('\n');
            for (ListedServer server : service.servers()) {
                text.append(new AddServer(service.rule().address(), server.rule()))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
