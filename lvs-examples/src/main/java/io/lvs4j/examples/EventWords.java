package io.lvs4j.examples;

import io.lvs4j.DirectorEvent;
import io.lvs4j.vrrp.VrrpEvent;
import java.io.PrintWriter;

/** Writes each event as one line in words. */
record EventWords(PrintWriter out) implements EventSink {
    @Override
    public void onEvent(DirectorEvent event) {
        out.println(EventText.of(event));
    }

    @Override
    public void onEvent(VrrpEvent event) {
        out.println(EventText.of(event));
    }
}
