package io.lvs4j.netty;

import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Clients of a {@link ServerFarm} that never rest: each thread keeps connections and lets bytes go through all of them and back,
 * opens a few new ones, which end in good order, and so on, until it is told to end.
 */
final class SteadyClients implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int NEW_PER_ROUND = 4;

    private final InetSocketAddress service;
    private final Witness witness;
    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    private final List<Future<?>> clients = new ArrayList<>();
    private final AtomicIntegerArray rounds = new AtomicIntegerArray(THREADS);
    private volatile boolean ending;

    final AtomicLong opened = new AtomicLong();
    /** How many connections each server has got. */
    final AtomicIntegerArray served;
    /** The servers of the kept connections that were cut, one each. */
    final Queue<Integer> cut = new ConcurrentLinkedQueue<>();
    /** Whatever else is not as it should be. */
    final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    final AtomicLong sent = new AtomicLong();
    final AtomicLong received = new AtomicLong();

    /** Sees who serves whom, on any thread. */
    interface Witness {
        /** A server has got a new connection, which the client began to open at that time of {@link System#nanoTime}. */
        void served(int server, long sinceNanos);
    }

    /** Opens connections that are kept, one after the other, and begins; the farm has so many servers. */
    SteadyClients(InetSocketAddress service, int kept, int servers, Witness witness) throws IOException {
        this.service = service;
        this.witness = witness;
        served = new AtomicIntegerArray(servers);
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
            all.add(new Connection());
        }
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            List<Connection> mine = new ArrayList<>(all.subList(kept * i / THREADS, kept * (i + 1) / THREADS));
            clients.add(pool.submit(() -> run(number, mine)));
        }
    }

    private final class Connection {
        final Socket socket = new Socket();
        final int server;
        private long turn;

        Connection() throws IOException {
            long begin = System.nanoTime();
            opened.incrementAndGet();
            socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(service, Lab.TIMEOUT_MILLIS);
            server = new DataInputStream(socket.getInputStream()).readInt();
            received.addAndGet(Integer.BYTES);
            served.incrementAndGet(server);
            witness.served(server, begin);
        }

        private byte[] bytes() {
            return ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES)
                    .putInt(server)
                    .putInt(System.identityHashCode(this))
                    .putLong(turn)
                    .array();
        }

        void send() throws IOException {
            socket.getOutputStream().write(bytes());
            sent.addAndGet(bytes().length);
        }

        void receive() throws IOException {
            byte[] expected = bytes();
            byte[] got = socket.getInputStream().readNBytes(expected.length);
            received.addAndGet(got.length);
            if (got.length < expected.length) {
                throw new IOException("ended after " + got.length + " bytes of turn " + turn);
            }
            if (!Arrays.equals(got, expected)) {
                complaints.add("server " + server + ": other bytes than were sent in turn " + turn);
            }
            turn++;
        }

        void end() throws IOException {
            socket.shutdownOutput();
            if (socket.getInputStream().read() >= 0) {
                complaints.add("server " + server + ": more bytes than were sent");
            }
            socket.close();
        }
    }

    private Void run(int number, List<Connection> kept) throws IOException {
        while (!ending) {
            forEach(kept, Connection::send);
            for (int i = 0; i < NEW_PER_ROUND; i++) {
                comeAndGo();
            }
            forEach(kept, Connection::receive);
            rounds.incrementAndGet(number);
        }
        forEach(kept, Connection::end);
        return null;
    }

    private void comeAndGo() {
        try {
            Connection connection = new Connection();
            connection.send();
            connection.receive();
            connection.end();
        } catch (IOException e) {
            complaints.add("new connection: " + e);
        }
    }

    /** Something to do with a connection. */
    private interface Action {
        void apply(Connection connection) throws IOException;
    }

    private void forEach(List<Connection> kept, Action action) throws IOException {
        for (Iterator<Connection> each = kept.iterator(); each.hasNext(); ) {
            Connection connection = each.next();
            try {
                action.apply(connection);
            } catch (IOException e) {
                cut.add(connection.server);
                connection.socket.close();
                each.remove();
            }
        }
    }

    /** Waits until whatever has been begun has ended, and some more. */
    void awaitRound() {
        int[] before = IntStream.range(0, THREADS).map(rounds::get).toArray();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> IntStream.range(0, THREADS).allMatch(i -> rounds.get(i) >= before[i] + 2));
    }

    /** Ends all connections in good order; throws what a thread has ended by. */
    void end() throws InterruptedException, ExecutionException {
        ending = true;
        for (Future<?> client : clients) {
            client.get();
        }
    }

    @Override
    public void close() {
        ending = true;
        pool.shutdownNow();
    }
}
