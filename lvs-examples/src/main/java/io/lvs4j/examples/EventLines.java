package io.lvs4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lvs4j.DirectorEvent;
import io.lvs4j.check.CheckResult;
import io.lvs4j.vrrp.VrrpEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/**
 * Writes each event as one line with one JSON object, and flushes it. Every object has {@code time}, {@code type} and
 * {@code service}, those about a real server {@code server}, those about a virtual router {@code router} or {@code group} instead; the rest
 * depends on the type.
 */
final class EventLines implements EventSink {
    private final JsonFactory json = new JsonFactory();
    private final PrintWriter out;

    EventLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void onEvent(DirectorEvent event) {
        write(line(event));
    }

    @Override
    public void onEvent(VrrpEvent event) {
        write(line(event));
    }

    private void write(String line) {
        out.println(line);
        out.flush();
    }

    String line(DirectorEvent event) {
        return line(event.time(), event.type(), object -> {
            object.writeStringField("service", event.service().toString());
            if (event instanceof DirectorEvent.ServerEvent about) {
                object.writeStringField("server", about.server().toString());
            }
            writeDetails(object, event);
        });
    }

    String line(VrrpEvent event) {
        return line(event.time(), event.type(), object -> {
            object.writeStringField(event instanceof VrrpEvent.GroupEntered ? "group" : "router", event.name());
            writeDetails(object, event);
        });
    }

    private interface Fields {
        void write(JsonGenerator object) throws IOException;
    }

    private String line(Instant time, String type, Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator object = json.createGenerator(text)) {
            object.writeStartObject();
            object.writeStringField("time", time.toString());
            object.writeStringField("type", type);
            fields.write(object);
            object.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter does not fail
        }
        return text.toString();
    }

    private static void writeDetails(JsonGenerator object, VrrpEvent event) throws IOException {
        if (event instanceof VrrpEvent.RouterEntered entered) {
            object.writeStringField("state", entered.state().toString());
            object.writeNumberField("priority", entered.priority());
        } else if (event instanceof VrrpEvent.GroupEntered entered) {
            object.writeStringField("state", entered.state().toString());
        } else if (event instanceof VrrpEvent.PriorityChanged changed) {
            object.writeNumberField("priority", changed.priority());
        } else if (event instanceof VrrpEvent.FaultsChanged changed) {
            writeTexts(object, "faults", changed.faults());
        } else if (event instanceof VrrpEvent.LowerMasterHeard heard) {
            object.writeStringField("source", heard.source().getHostAddress());
            object.writeNumberField("priority", heard.priority());
        } else if (event instanceof VrrpEvent.OwnerConflict conflict) {
            object.writeStringField("source", conflict.source().getHostAddress());
        } else if (event instanceof VrrpEvent.Failed failed) {
            object.writeStringField("cause", failed.what());
        }
    }

    private static void writeTexts(JsonGenerator object, String field, List<String> texts) throws IOException {
        object.writeArrayFieldStart(field);
        for (String text : texts) {
            object.writeString(text);
        }
        object.writeEndArray();
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
            writeTexts(object, "changes", repaired.changes());
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
