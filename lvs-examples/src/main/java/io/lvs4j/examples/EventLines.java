package io.lvs4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lvs4j.DirectorEvent;
import io.lvs4j.DirectorListener;
import io.lvs4j.check.CheckResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Writes each event as one line with one JSON object, and flushes it. Every object has {@code time}, {@code type} and
 * {@code service}, those about a real server {@code server}; the rest depends on the type.
 */
final class EventLines implements DirectorListener {
    private final JsonFactory json = new JsonFactory();
    private final PrintWriter out;

    EventLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void onEvent(DirectorEvent event) {
        out.println(line(event));
        out.flush();
    }

    String line(DirectorEvent event) {
        StringWriter text = new StringWriter();
        try (JsonGenerator object = json.createGenerator(text)) {
            object.writeStartObject();
            object.writeStringField("time", event.time().toString());
            object.writeStringField("type", event.type());
            object.writeStringField("service", event.service().toString());
            if (event instanceof DirectorEvent.ServerEvent about) {
                object.writeStringField("server", about.server().toString());
            }
            writeDetails(object, event);
            object.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter does not fail
        }
        return text.toString();
    }

    private static void writeDetails(JsonGenerator object, DirectorEvent event) throws IOException {
        if (event instanceof DirectorEvent.ServerDown down) {
            writeVerdict(object, down.check(), down.cause());
        } else if (event instanceof DirectorEvent.ServerUp up) {
            writeVerdict(object, up.check(), up.cause());
        } else if (event instanceof DirectorEvent.ServerAdded added) {
            object.writeNumberField("weight", added.weight());
        } else if (event instanceof DirectorEvent.WeightChanged changed) {
            object.writeNumberField("before", changed.before());
            object.writeNumberField("after", changed.after());
            object.writeStringField("by", changed.by().toString());
        } else if (event instanceof DirectorEvent.MaintenanceStarted started) {
            object.writeStringField("by", started.by().toString());
        } else if (event instanceof DirectorEvent.MaintenanceEnded ended) {
            object.writeStringField("by", ended.by().toString());
        } else if (event instanceof DirectorEvent.ServerHeld held) {
            object.writeNumberField("holdDownMillis", held.holdDown().toMillis());
        } else if (event instanceof DirectorEvent.ServerEjected ejected) {
            object.writeStringField("cause", ejected.cause());
            object.writeNumberField("inhibitMillis", ejected.inhibit().toMillis());
        } else if (event instanceof DirectorEvent.ServerReturned returned) {
            object.writeStringField("cause", returned.cause());
        } else if (event instanceof DirectorEvent.LookupFailed failed) {
            object.writeStringField("host", failed.host());
            object.writeStringField("cause", failed.cause());
        } else if (event instanceof DirectorEvent.QuorumGained gained) {
            writeQuorum(object, gained.weight(), gained.quorum());
        } else if (event instanceof DirectorEvent.QuorumLost lost) {
            writeQuorum(object, lost.weight(), lost.quorum());
        } else if (event instanceof DirectorEvent.SlowStartStarted started) {
            object.writeNumberField("durationMillis", started.duration().toMillis());
        } else if (event instanceof DirectorEvent.SlowStartEnded ended) {
            object.writeNumberField("weight", ended.weight());
        } else if (event instanceof DirectorEvent.ServiceUpdated updated) {
            object.writeStringField("after", updated.after().toString());
        } else if (event instanceof DirectorEvent.DrainStarted drain) {
            object.writeNumberField("deadlineMillis", drain.deadline().toMillis());
        } else if (event instanceof DirectorEvent.DrainEnded drain) {
            object.writeStringField("outcome", drain.report().outcome().toString());
            object.writeNumberField("remaining", drain.report().remaining());
            object.writeNumberField("tookMillis", drain.report().took().toMillis());
        } else if (event instanceof DirectorEvent.DriftRepaired repaired) {
            object.writeArrayFieldStart("changes");
            for (String change : repaired.changes()) {
                object.writeString(change);
            }
            object.writeEndArray();
        }
    }

    private static void writeQuorum(JsonGenerator object, long weight, long quorum) throws IOException {
        object.writeNumberField("weight", weight);
        object.writeNumberField("quorum", quorum);
    }

    private static void writeVerdict(JsonGenerator object, String check, CheckResult cause) throws IOException {
        object.writeStringField("check", check);
        object.writeStringField("cause", cause.toString());
    }
}
