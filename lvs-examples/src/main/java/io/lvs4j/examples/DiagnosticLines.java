package io.lvs4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Position;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** Diagnostics as lines: {@code file:line:column: severity: message; hint}, or a JSON object. */
final class DiagnosticLines {
    private static final JsonFactory JSON = new JsonFactory();

    private DiagnosticLines() {}

    static void print(List<Diagnostic> diagnostics, PrintWriter out) {
        diagnostics.forEach(each -> out.println(text(each)));
    }

    static String text(Diagnostic each) {
        return at(each.at(), each.severity(), each.message())
                + each.hint().map(hint -> "; " + hint).orElse("");
    }

    /** Returns the line for something that is found out later than by reading. */
    static String at(Position at, Diagnostic.Severity severity, String message) {
        return at + ": " + name(severity) + ": " + message;
    }

    static String json(Diagnostic each) {
        StringWriter text = new StringWriter();
        try (JsonGenerator object = JSON.createGenerator(text)) {
            object.writeStartObject();
            object.writeStringField("file", each.at().file());
            object.writeNumberField("line", each.at().line());
            object.writeNumberField("column", each.at().column());
            object.writeStringField("severity", name(each.severity()));
            object.writeStringField("code", each.code());
            object.writeStringField("message", each.message());
            if (each.hint().isPresent()) {
                object.writeStringField("hint", each.hint().get());
            }
            object.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter does not fail
        }
        return text.toString();
    }

    private static String name(Diagnostic.Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
