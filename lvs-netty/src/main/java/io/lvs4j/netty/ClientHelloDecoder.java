package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.lvs4j.ServerNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the server name in a TLS ClientHello, hostile ones too, and leaves every byte where it is: RFC 8446 sections 4.1.2 and
 * 5.1, RFC 5246 section 7.4.1.2 and RFC 6066 section 3. It looks at nothing else than what leads there, and not at what may come
 * behind the hello. Where the RFCs leave a choice:
 * <ul>
 *   <li>The hello has {@link #MAX_HELLO_BYTES} at most, and with its records' headers {@link #MAX_BYTES}.
 *   <li>A server name that is no DNS name, see {@link ServerNames#isName}, is refused, also one with a dot at its end.
 *   <li>Where the hello is encrypted (ECH) it is the outer name: the inner one is for the server alone.
 * </ul>
 *
 * <p>Bytes that have been looked at once are not again when more come, and nothing is copied unless a hello is in several records.
 * For one connection, confined to its event loop.
 */
final class ClientHelloDecoder implements OpeningFormat<String> {
    /** What is decoded of a client that asks for no name. */
    static final String NO_NAME = "";

    static final int MAX_HELLO_BYTES = 16 * 1024;

    private static final int RECORD_HEADER = 5; // type, version, length

    /** Room for headers of records that have 5 bytes or more. */
    static final int MAX_BYTES = 2 * MAX_HELLO_BYTES + RECORD_HEADER;

    private static final int RECORD_LENGTH_AT = 3;
    private static final int MAX_RECORD = 16 * 1024;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int MAJOR_VERSION = 3;
    private static final int MESSAGE_HEADER = 4; // type, length of three bytes
    private static final int CLIENT_HELLO = 1;
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int MAX_SESSION_ID = 32;
    private static final int EXTENSION_HEADER = 4; // type, length
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int MAX_NAME = 255;

    private int record; // where the record begins that is looked at, counted from the first byte
    private int before; // bytes of the hello in the records before
    private int length; // of the hello, with its header; 0 = not known yet

    @Override
    public int maxBytes() {
        return MAX_BYTES;
    }

    @Override
    public Refusal incomplete() {
        return Refusal.HELLO_INCOMPLETE;
    }

    @Override
    public Refusal late() {
        return Refusal.HELLO_LATE;
    }

    /**
     * {@inheritDoc}
     *
     * @return the server name in lower case, or {@link #NO_NAME}; the reader index is where it was, because all of it is the
     *     server's
     */
    @Override
    public @Nullable String decode(ByteBuf in) throws BadOpeningException {
        if (isThere(in)) {
            return serverName(message(in));
        }
        if (in.readableBytes() >= MAX_BYTES) {
            throw tooLong("in too many records");
        }
        return null;
    }

    // ---------------------------------------------------------------- records

    /** Goes from record to record, and returns whether the last byte of the hello has come. */
    private boolean isThere(ByteBuf in) throws BadOpeningException {
        while (true) {
            int at = in.readerIndex() + record;
            int left = in.writerIndex() - at;
            requireHandshake(in, at, left);
            if (left < RECORD_HEADER) {
                return false;
            }
            int size = in.getUnsignedShort(at + RECORD_LENGTH_AT);
            if (size == 0) {
                throw malformed("empty record");
            }
            if (size > MAX_RECORD) {
                throw tooLong("record of " + size + " bytes");
            }
            int present = before + Math.min(size, left - RECORD_HEADER);
            if (length == 0 && present > 0) {
                length = length(in, Math.min(present, MESSAGE_HEADER));
            }
            if (record + RECORD_HEADER + length - before > MAX_BYTES) {
                throw tooLong("in too many records");
            }
            if (length > 0 && present >= length) {
                return true;
            }
            if (left < RECORD_HEADER + size) {
                return false;
            }
            before += size;
            record += RECORD_HEADER + size;
        }
    }

    private void requireHandshake(ByteBuf in, int at, int left) throws BadOpeningException {
        boolean handshake =
                (left < 1 || in.getByte(at) == HANDSHAKE_RECORD) && (left < 2 || in.getByte(at + 1) == MAJOR_VERSION);
        if (!handshake) {
            throw record == 0
                    ? new BadOpeningException(Refusal.NOT_TLS, "no TLS handshake")
                    : malformed("another record in the middle");
        }
    }

    /** Reads the first bytes of the hello, which may be in several records; returns its length, or 0 if that is not here yet. */
    private static int length(ByteBuf in, int present) throws BadOpeningException {
        int at = in.readerIndex();
        int end = at;
        int value = 0;
        for (int i = 0; i < present; i++, at++) {
            while (at == end) {
                end = at + RECORD_HEADER + in.getUnsignedShort(at + RECORD_LENGTH_AT);
                at += RECORD_HEADER;
            }
            int next = in.getUnsignedByte(at);
            if (i == 0 && next != CLIENT_HELLO) {
                throw malformed("message " + next);
            }
            value = i == 0 ? 0 : value << 8 | next;
        }
        if (present < MESSAGE_HEADER) {
            return 0;
        }
        if (value > MAX_HELLO_BYTES - MESSAGE_HEADER) {
            throw tooLong(value + " bytes");
        }
        return MESSAGE_HEADER + value;
    }

    /** Returns the hello without the headers of its records. */
    private ByteBuf message(ByteBuf in) {
        int at = in.readerIndex();
        if (record == 0) {
            return in.slice(at + RECORD_HEADER, length);
        }
        ByteBuf whole = Unpooled.buffer(length, length);
        while (whole.isWritable()) {
            int size = in.getUnsignedShort(at + RECORD_LENGTH_AT);
            whole.writeBytes(in, at + RECORD_HEADER, Math.min(size, whole.writableBytes()));
            at += RECORD_HEADER + size;
        }
        return whole;
    }

    // ---------------------------------------------------------------- the message

    private static String serverName(ByteBuf hello) throws BadOpeningException {
        hello.skipBytes(MESSAGE_HEADER);
        require(hello.readableBytes() >= VERSION_AND_RANDOM, "shorter than its random");
        require(hello.getByte(hello.readerIndex()) == MAJOR_VERSION, "version");
        hello.skipBytes(VERSION_AND_RANDOM);
        int sessionId = vector(hello, 1);
        require(sessionId <= MAX_SESSION_ID, "session id");
        hello.skipBytes(sessionId);
        int suites = vector(hello, 2);
        require(suites >= 2 && suites % 2 == 0, "cipher suites");
        hello.skipBytes(suites);
        int compressions = vector(hello, 1);
        require(compressions >= 1, "compression methods");
        hello.skipBytes(compressions);
        if (!hello.isReadable()) {
            return NO_NAME; // before TLS 1.3 there need not be extensions
        }
        require(vector(hello, 2) == hello.readableBytes(), "extensions");
        return fromExtensions(hello);
    }

    private static String fromExtensions(ByteBuf extensions) throws BadOpeningException {
        String name = null;
        while (extensions.isReadable()) {
            require(extensions.readableBytes() >= EXTENSION_HEADER, "extension");
            int type = extensions.readUnsignedShort();
            int size = vector(extensions, 2);
            if (type == SERVER_NAME) {
                require(name == null, "two server_name extensions");
                name = fromList(extensions, extensions.readerIndex() + size);
            } else {
                extensions.skipBytes(size);
            }
        }
        return name == null ? NO_NAME : name;
    }

    private static String fromList(ByteBuf in, int end) throws BadOpeningException {
        require(end - in.readerIndex() >= 2, "server_name list");
        int size = in.readUnsignedShort();
        require(size > 0 && size == end - in.readerIndex(), "server_name list");
        String name = null;
        while (in.readerIndex() < end) {
            require(end - in.readerIndex() >= 3, "server_name");
            int type = in.readUnsignedByte();
            int length = in.readUnsignedShort();
            require(length > 0 && length <= end - in.readerIndex(), "server_name");
            if (type == HOST_NAME) {
                require(name == null, "two host names");
                name = checked(in, length);
            }
            in.skipBytes(length);
        }
        return name == null ? NO_NAME : name;
    }

    private static String checked(ByteBuf in, int length) throws BadOpeningException {
        String name = length > MAX_NAME
                ? ""
                : in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1)
                        .toLowerCase(Locale.ROOT);
        if (!ServerNames.isName(name)) {
            throw new BadOpeningException(Refusal.BAD_SERVER_NAME, "server name");
        }
        return name;
    }

    /** Reads the length of what follows, and that it is there. */
    private static int vector(ByteBuf in, int bytes) throws BadOpeningException {
        require(in.readableBytes() >= bytes, "cut off");
        int size = bytes == 1 ? in.readUnsignedByte() : in.readUnsignedShort();
        require(size <= in.readableBytes(), "cut off");
        return size;
    }

    private static void require(boolean good, String what) throws BadOpeningException {
        if (!good) {
            throw malformed(what);
        }
    }

    private static BadOpeningException malformed(String what) {
        return new BadOpeningException(Refusal.HELLO_MALFORMED, "ClientHello: " + what);
    }

    private static BadOpeningException tooLong(String what) {
        return new BadOpeningException(Refusal.HELLO_TOO_LONG, "ClientHello: " + what);
    }
}
