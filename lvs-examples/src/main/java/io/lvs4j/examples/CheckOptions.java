package io.lvs4j.examples;

import io.lvs4j.check.AgentCheck;
import io.lvs4j.check.CheckBuilder;
import io.lvs4j.check.DnsCheck;
import io.lvs4j.check.FileCheck;
import io.lvs4j.check.GrpcCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.PingCheck;
import io.lvs4j.check.SmtpCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.check.TlsCheck;
import io.lvs4j.check.UdpCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how the health of real servers is known. */
final class CheckOptions {
    private static final Pattern NAMED = Pattern.compile("(tls|https?|grpcs?)(:.*)?");
    private static final Pattern OVER_TLS = Pattern.compile("(tls|https|grpcs)(:.*)?");
    private static final String DEFAULT_DELAY_LOOP = "6s";

    @Option(
            names = "--check",
            paramLabel = "<check>",
            description = {
                "How a real server shows that it is well; may be given more than once, all must pass.",
                "  tcp              it accepts a connection",
                "  tls              it completes a TLS handshake; the certificate must be valid for the server",
                "  http:/path       GET answers with a status of 200 to 299",
                "  https:/path      the same over TLS; the certificate must be valid for the server",
                "  smtp             it greets with 220 and answers HELO with 250",
                "  grpc[:service]   its gRPC health service says SERVING",
                "  grpcs[:service]  the same over TLS",
                "  agent[:port]     an agent on its host says up, in one line of HAProxy's words",
                "  dns[:name[/type]]  it answers over UDP without an error; the root's SOA by default",
                "  udp[:hex]        no ICMP error comes back when it is sent these bytes",
                "  ping             it answers an ICMP echo request",
                "  program:/path args  a program, split at spaces, exits with status 0",
                "  file:/path       a local file holds 0, or is not there",
                "Default: none, real servers always count as up."
            })
    private List<String> checks = new ArrayList<>();

    @Option(
            names = "--check-host",
            paramLabel = "<name>",
            description = "The name that http, https, tls, grpc and grpcs checks call a real server by, and that its"
                    + " certificate must bear. Default: its address.")
    private @Nullable String host;

    @Option(names = "--check-insecure", description = "Let https, tls and grpcs checks accept any certificate.")
    private boolean insecure;

    @Option(
            names = "--delay-loop",
            paramLabel = "<duration>",
            description = "From one attempt to the next. Default: " + DEFAULT_DELAY_LOOP + " (the library's: 60s).")
    private @Nullable String delayLoop;

    @Option(
            names = "--check-timeout",
            paramLabel = "<duration>",
            description = "For a whole attempt: connect, TLS, question and answer. Default: 5s.")
    private @Nullable String timeout;

    @Option(
            names = "--retries",
            paramLabel = "<number>",
            description = "Extra attempts before a real server is down. Default: 1, for dns 3, for program and file 0.")
    private @Nullable String retries;

    @Option(
            names = "--retry-delay",
            paramLabel = "<duration>",
            description =
                    "From a failed attempt to the next. Default: 1s, for http and https 3s, for dns the delay loop.")
    private @Nullable String retryDelay;

    @Option(
            names = "--rise",
            paramLabel = "<number>",
            description = "Passes in a row that bring a real server back. Default: 1.")
    private @Nullable String rise;

    /** Returns the checks. Without any, the timing is looked at for mistakes all the same. */
    List<HealthCheck> parse() {
        timed(TcpCheck.builder());
        refuseWhatNobodyNeeds();
        return checks.stream().map(this::parse).toList();
    }

    private HealthCheck parse(String check) {
        int colon = check.indexOf(':');
        String kind = colon < 0 ? check : check.substring(0, colon);
        String rest = colon < 0 ? "" : check.substring(colon + 1);
        if (!known(kind, colon < 0, rest)) {
            throw new BadInput(
                    "--check",
                    check,
                    "tcp, tls, http:/path, https:/path, smtp, grpc[:service], grpcs[:service], agent[:port],"
                            + " dns[:name[/type]], udp[:hex], ping, program:/path or file:/path");
        }
        return BadInput.parse("--check", check, text -> parse(kind, rest));
    }

    private static boolean known(String kind, boolean alone, String rest) {
        return switch (kind) {
            case "tcp", "tls", "smtp", "ping" -> alone;
            case "program", "file" -> !alone;
            case "http", "https" -> rest.startsWith("/");
            case "grpc", "grpcs", "agent", "dns", "udp" -> alone || !rest.isEmpty();
            default -> false;
        };
    }

    private HealthCheck parse(String kind, String rest) {
        return switch (kind) {
            case "tcp" -> timed(TcpCheck.builder()).build();
            case "tls" -> tls();
            case "smtp" -> timed(SmtpCheck.builder()).build();
            case "http", "https" -> http(kind.equals("https") ? HttpCheck.sslGet(rest) : HttpCheck.httpGet(rest), kind);
            case "grpc", "grpcs" ->
                grpc(kind.equals("grpcs") ? GrpcCheck.overTls() : GrpcCheck.plaintext(), kind, rest);
            case "ping" -> timed(PingCheck.builder()).build();
            case "dns" -> timed(dns(rest)).build();
            case "udp" ->
                timed(rest.isEmpty() ? UdpCheck.builder() : UdpCheck.builder().payload(rest))
                        .build();
            case "program" -> timed(program(rest)).build();
            case "file" -> timed(FileCheck.of(Path.of(rest))).build();
            default -> agent(rest);
        };
    }

    private static DnsCheck.Builder dns(String text) {
        DnsCheck.Builder builder = DnsCheck.builder();
        if (text.isEmpty()) {
            return builder;
        }
        String[] question = text.split("/", 2);
        builder.name(question[0]);
        return question.length == 1 ? builder : builder.type(DnsCheck.Type.parse(question[1]));
    }

    private static MiscCheck.Builder program(String text) {
        String[] words = text.trim().split(" +", -1);
        return MiscCheck.program(words[0], Arrays.copyOfRange(words, 1, words.length));
    }

    private HealthCheck tls() {
        TlsCheck.Builder builder = timed(TlsCheck.builder());
        set("--check-host", host, builder::serverName);
        return (insecure ? builder.insecure() : builder).build();
    }

    private HealthCheck http(HttpCheck.Builder builder, String kind) {
        timed(builder);
        set("--check-host", host, builder::virtualHost);
        return (insecure && kind.equals("https") ? builder.insecure() : builder).build();
    }

    private HealthCheck grpc(GrpcCheck.Builder builder, String kind, String service) {
        timed(builder).service(service);
        set("--check-host", host, builder::serverName);
        return (insecure && kind.equals("grpcs") ? builder.insecure() : builder).build();
    }

    private HealthCheck agent(String port) {
        AgentCheck.Builder builder = timed(AgentCheck.builder());
        return (port.isEmpty() ? builder : builder.connectPort(Numbers.parse("port", port, 1, 65535))).build();
    }

    private void refuseWhatNobodyNeeds() {
        if (host != null
                && checks.stream().noneMatch(check -> NAMED.matcher(check).matches())) {
            throw new BadInput("--check-host", host, "only with a check by tls, http, https, grpc or grpcs");
        }
        if (insecure
                && checks.stream().noneMatch(check -> OVER_TLS.matcher(check).matches())) {
            throw new BadInput("--check-insecure", "true", "only with a check by tls, https or grpcs");
        }
    }

    private <B extends CheckBuilder<B>> B timed(B builder) {
        String interval = delayLoop == null ? DEFAULT_DELAY_LOOP : delayLoop;
        set("--delay-loop", interval, text -> builder.delayLoop(Durations.parse("--delay-loop", text)));
        set("--check-timeout", timeout, text -> builder.connectTimeout(Durations.parse("--check-timeout", text)));
        set("--retries", retries, text -> builder.retries(Numbers.parse("--retries", text, 0, 1000)));
        set("--retry-delay", retryDelay, text -> builder.delayBeforeRetry(Durations.parse("--retry-delay", text)));
        set("--rise", rise, text -> builder.rise(Numbers.parse("--rise", text, 1, 1000)));
        return builder;
    }

    private static void set(String option, @Nullable String value, Function<String, CheckBuilder<?>> setter) {
        if (value != null) {
            BadInput.parse(option, value, setter);
        }
    }
}
