package io.lvs4j.netty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** ClientHellos: the JDK's own, and hand-made ones that no client would send. */
final class Hellos {
    private static final int RECORD_HEADER = 5;

    private Hellos() {}

    /** Returns what the JDK's TLS sends first, asking for a name, or for none if it is empty. */
    static byte[] jdk(String name) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            return Arrays.copyOf(out.array(), out.position());
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Cuts the message of a hello of one record into records of so many bytes. */
    static byte[] inRecordsOf(int size, byte[] hello) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = RECORD_HEADER; at < hello.length; at += size) {
            int length = Math.min(size, hello.length - at);
            out.writeBytes(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length});
            out.write(hello, at, length);
        }
        return out.toByteArray();
    }

    /** Makes a hello in one record, with such an extension server_name. */
    static byte[] withServerName(byte[] extension) {
        return withExtensions(extension(0, extension));
    }

    static byte[] withExtensions(byte[]... extensions) {
        byte[] all = joined(extensions);
        return message(joined(
                new byte[] {3, 3},
                new byte[32],
                new byte[] {0, 0, 2, 0x13, 1, 1, 0},
                new byte[] {(byte) (all.length >> 8), (byte) all.length},
                all));
    }

    static byte[] message(byte[] body) {
        byte[] message =
                joined(new byte[] {1, (byte) (body.length >> 16), (byte) (body.length >> 8), (byte) body.length}, body);
        return joined(new byte[] {22, 3, 1, (byte) (message.length >> 8), (byte) message.length}, message);
    }

    static byte[] extension(int type, byte[] data) {
        return joined(
                new byte[] {(byte) (type >> 8), (byte) type, (byte) (data.length >> 8), (byte) data.length}, data);
    }

    /** Makes a list of one name of a type; 0 = host name. */
    static byte[] list(int type, String name) {
        return list(entry(type, name));
    }

    static byte[] list(byte[]... entries) {
        byte[] all = joined(entries);
        return joined(new byte[] {(byte) (all.length >> 8), (byte) all.length}, all);
    }

    static byte[] entry(int type, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return joined(new byte[] {(byte) type, (byte) (bytes.length >> 8), (byte) bytes.length}, bytes);
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
