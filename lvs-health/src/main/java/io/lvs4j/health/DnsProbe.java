package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.DnsCheck;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks a DNS server one question (RFC 1035 section 4). Of the answer, header and question are looked at, and the question must be
 * ours byte for byte: no length or pointer that somebody else has written is ever followed.
 *
 * <pre>
 *   0        2       4            6          8          10           12
 *   | id     | flags | questions  | answers  | authority | additional | name, type, class
 * </pre>
 */
final class DnsProbe implements Probe {
    private static final int HEADER_BYTES = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int CODE = 0x000f;
    private static final int CLASS_INTERNET = 1;
    private static final List<String> CODES = List.of(
            "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET");

    private final DnsCheck check;
    private final Sockets sockets;
    private final byte[] question;
    private final SecureRandom ids = new SecureRandom();

    DnsProbe(DnsCheck check, Sockets sockets) {
        this.check = check;
        this.sockets = sockets;
        this.question = question(check);
    }

    private static byte[] question(DnsCheck check) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!check.name().equals(".")) {
            for (String label : check.name().split("\\.", -1)) {
                byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
                out.write(bytes.length);
                out.writeBytes(bytes);
            }
        }
        out.write(0);
        out.write(check.type().code() >> 8);
        out.write(check.type().code());
        out.write(0);
        out.write(CLASS_INTERNET);
        return out.toByteArray();
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        short id = (short) ids.nextInt();
        byte[] query = ByteBuffer.allocate(HEADER_BYTES + question.length)
                .putShort(id)
                .putShort((short) RECURSION_DESIRED)
                .putShort((short) 1)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .put(question)
                .array();
        return sockets.connectDatagram(
                server, check.target(), new DnsAttempt(sockets.nextLoop(), query, id, question, outcome));
    }

    private static final class DnsAttempt extends DatagramAttempt {
        private final short id;
        private final byte[] question;

        DnsAttempt(EventLoop loop, byte[] query, short id, byte[] question, Consumer<CheckResult> outcome) {
            super(loop, query, Phase.DNS, outcome);
            this.id = id;
            this.question = question;
        }

        /** What is not an answer to this question is not there, as with keepalived: it may be late, or somebody's lie. */
        @Override
        void replied(Channel channel, byte[] reply) {
            if (reply.length < HEADER_BYTES) {
                return;
            }
            ByteBuffer header = ByteBuffer.wrap(reply);
            int flags = header.getShort(2);
            if (header.getShort(0) != id
                    || (flags & RESPONSE) == 0
                    || (flags & OPCODE) != 0
                    || !echoes(header, reply)) {
                return;
            }
            int code = flags & CODE;
            end(
                    channel,
                    code == 0
                            ? CheckResult.passed(CODES.get(0))
                            : Phase.DNS.failed(
                                    (code < CODES.size() ? CODES.get(code) : "code " + code) + " (expected: NOERROR)"));
        }

        private boolean echoes(ByteBuffer header, byte[] reply) {
            int end = HEADER_BYTES + question.length;
            return header.getShort(4) == 1
                    && reply.length >= end
                    && Arrays.equals(reply, HEADER_BYTES, end, question, 0, question.length);
        }
    }
}
