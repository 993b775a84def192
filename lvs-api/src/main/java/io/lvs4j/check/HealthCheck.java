package io.lvs4j.check;

/**
 * The description of a health check. Checks are values: a check that is equal before and after a change keeps its state.
 */
public sealed interface HealthCheck
        permits TcpCheck,
                HttpCheck,
                TlsCheck,
                SmtpCheck,
                GrpcCheck,
                AgentCheck,
                DnsCheck,
                UdpCheck,
                PingCheck,
                MiscCheck,
                FileCheck,
                CustomCheck {

    /** {@return when to ask and how many answers make a verdict} */
    CheckTiming timing();

    /** {@return whom the check asks, and from where; custom checks know by themselves} */
    default CheckTarget target() {
        return CheckTarget.server();
    }

    /** {@return what an operator would call the check, such as {@code tcp} or {@code http /health}} */
    String describe();
}
