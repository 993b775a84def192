package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.HttpHeader;
import io.lvs4j.check.HttpUrl;
import io.lvs4j.check.Tls;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One page of a check, made ready to be asked of one server.
 *
 * @param url what the answer must be
 * @param request the whole request, ASCII
 * @param tls how to speak TLS; null = not at all
 * @param regex what to find in the body; null = nothing
 */
record HttpPage(
        HttpUrl url,
        String request,
        @Nullable TlsClient tls,
        @Nullable Pattern regex) {
    static HttpPage of(ServerKey asked, HttpCheck check, HttpUrl url, Trust trust) {
        Optional<String> virtualHost = url.virtualHost().or(check::virtualHost);
        TlsClient tls = null;
        if (check.tls() != Tls.NONE) {
            String name = check.serverName().orElseGet(() -> tlsName(asked, virtualHost));
            tls = new TlsClient(name, asked.port(), check.tls(), trust.of(check.tls()));
        }
        Pattern regex = url.regex().map(Pattern::compile).orElse(null);
        return new HttpPage(url, request(check, url, virtualHost.orElseGet(asked::toString)), tls, regex);
    }

    private static String request(HttpCheck check, HttpUrl url, String host) {
        StringBuilder request = new StringBuilder();
        request.append("GET ")
                .append(url.path())
                .append(' ')
                .append(check.version())
                .append("\r\n");
        append(request, "Host", host);
        for (HttpHeader own : List.of(
                new HttpHeader("User-Agent", "lvs4j-health"),
                new HttpHeader("Accept", "*/*"),
                new HttpHeader("Accept-Encoding", "identity"))) {
            if (check.headers().stream().noneMatch(header -> header.name().equalsIgnoreCase(own.name()))) {
                append(request, own.name(), own.value());
            }
        }
        check.headers().forEach(header -> append(request, header.name(), header.value()));
        append(request, "Connection", "close");
        return request.append("\r\n").toString();
    }

    private static void append(StringBuilder request, String name, String value) {
        request.append(name).append(": ").append(value).append("\r\n");
    }

    /** Returns the virtual host without its port, or the address that is asked. */
    static String tlsName(ServerKey asked, Optional<String> virtualHost) {
        if (virtualHost.isEmpty()) {
            return asked.address().getHostAddress();
        }
        String host = virtualHost.get();
        if (host.startsWith("[")) {
            return host.substring(1, Math.max(1, host.indexOf(']')));
        }
        int colon = host.indexOf(':');
        boolean port = colon >= 0 && colon == host.lastIndexOf(':'); // an IPv6 address has several
        return port ? host.substring(0, colon) : host;
    }

    /** Returns what an operator would call the page among others of its check. */
    String name() {
        return url.virtualHost().orElse("") + url.path();
    }
}
