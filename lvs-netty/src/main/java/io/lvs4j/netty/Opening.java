package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client must say before a server is looked for: its front's PROXY header, its ClientHello, or one after the other, each
 * within its time. Confined to one event loop.
 */
final class Opening implements OpeningReader.Owner {
    private final Connection connection;
    private final Loop loop;
    private final StreamSocket client;
    private OpeningReader<?> reader;
    private Duration timeout;
    private long sinceNanos;
    private boolean over;
    private @Nullable ProxyHeader header;
    private @Nullable String serverName;
    private @Nullable ByteBuf early;

    private Opening(Connection connection, Loop loop, StreamSocket client, boolean header, Duration timeout) {
        this.connection = connection;
        this.loop = loop;
        this.client = client;
        this.reader = header ? headerReader() : helloReader();
        this.timeout = timeout;
    }

    /** Returns what begins with a PROXY header. */
    static Opening withHeader(Connection connection, Loop loop, StreamSocket client, Duration timeout) {
        return new Opening(connection, loop, client, true, timeout);
    }

    /** Returns what is a ClientHello. */
    static Opening withHello(Connection connection, Loop loop, StreamSocket client, Duration timeout) {
        return new Opening(connection, loop, client, false, timeout);
    }

    private OpeningReader<ProxyHeader> headerReader() {
        return new OpeningReader<>(loop, client, ProxyHeaderDecoder.FORMAT, this, this::headerRead);
    }

    private OpeningReader<String> helloReader() {
        return new OpeningReader<>(loop, client, new ClientHelloDecoder(), this, this::helloRead);
    }

    private void headerRead(ProxyHeader read, @Nullable ByteBuf bytes) {
        header = read;
        connection.headerRead(read, bytes);
    }

    private void helloRead(String name, @Nullable ByteBuf bytes) {
        serverName = name.equals(ClientHelloDecoder.NO_NAME) ? null : name;
        connection.helloRead(serverName, bytes);
    }

    /** Whether it is not known yet for whom the front speaks. */
    boolean awaitsHeader() {
        return reader.format() == ProxyHeaderDecoder.FORMAT && header == null;
    }

    /** Returns what the front said; null if there is none. */
    @Nullable
    ProxyHeader header() {
        return header;
    }

    /** Returns the name that the client asks for; null if it was not looked at, or there is none. */
    @Nullable
    String serverName() {
        return serverName;
    }

    /** Gives away the bytes that the server is to get and that have been read already; null if there are none. */
    @Nullable
    ByteBuf takeEarly() {
        ByteBuf bytes = early;
        early = null;
        return bytes;
    }

    /** Whose the client's events are. */
    SocketEvents events() {
        return reader;
    }

    /** Begins to read. */
    void begin() {
        read(null);
    }

    /** Goes on with the ClientHello, perhaps with bytes that came after the header. */
    void expectHello(Duration within, @Nullable ByteBuf bytes) {
        reader = helloReader();
        timeout = within;
        client.handOver(reader);
        read(bytes);
    }

    private void read(@Nullable ByteBuf bytes) {
        sinceNanos = loop.ticker().nanos();
        reader.start(bytes);
    }

    /** Looks at the clock. */
    void tick(long nowNanos) {
        if (nowNanos - sinceNanos >= timeout.toNanos()) {
            openingRefused(reader.format().late());
        }
    }

    /**
     * All that was wanted is here.
     *
     * @param bytes what the server is to get of what has been read, ours from now on; null if nothing
     */
    void end(@Nullable ByteBuf bytes) {
        over = true;
        early = bytes;
    }

    /** Gives everything back. */
    void release() {
        reader.release();
        ByteBuf bytes = takeEarly();
        if (bytes != null) {
            bytes.release();
        }
    }

    @Override
    public void openingRefused(Refusal reason) {
        connection.refuse(reason);
    }

    @Override
    public void brokenMeanwhile() {
        if (over) {
            connection.abort();
        } else {
            openingRefused(reader.format().incomplete()); // the header was good, the ClientHello was to follow
        }
    }
}
