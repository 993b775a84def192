package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.ipvsadm.Listing;
import io.lvs4j.ipvsadm.ServiceListing;
import java.io.PrintWriter;
import java.util.List;

/** Prints what {@code ipvsadm -Ln}, {@code --stats} and {@code --rate} would print of a running director, at each SIGUSR1. */
final class Figures {
    private static final List<Listing> SHOWN = List.of(Listing.TABLE, Listing.STATS, Listing.RATE);

    private Figures() {}

    static void onSignal(Director director, ServingOptions serving) {
        Signals.on("USR1", () -> print(director, serving.news(), serving.messages()));
    }

    private static void print(Director director, PrintWriter out, PrintWriter messages) {
        try {
            out.print(text(ServiceListing.of(director.snapshot())));
            out.flush();
        } catch (LvsException | IllegalStateException e) {
            messages.println("no figures: " + e.getMessage()); // it has been closed, or the kernel does not tell
        }
    }

    /** Returns the listings of one moment, with an empty line after each. */
    static String text(ServiceListing table) {
        StringBuilder text = new StringBuilder();
        SHOWN.forEach(each -> text.append(each.text(table)).append('\n'));
        return text.toString();
    }
}
