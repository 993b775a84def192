package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckBuilder;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.FileCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.check.UdpCheck;
import io.lvs4j.spi.HealthMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that checks servers that pass, uses up all its descriptors, and gives them back. It prints what the checks find
 * meanwhile and thereafter. One check begins without descriptors.
 */
final class HungryMonitor {
    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Duration LATER = Duration.ofSeconds(3);

    private final NettyHealthMonitor monitor = NettyHealthMonitor.builder()
            .random(() -> -1) // the first check waits for all of its warmup
            .build();
    private final ServerKey tcp;
    private final ServerKey udp;
    private final List<HealthMonitor.Watch> watches = new ArrayList<>();
    private final Hunger hunger = new Hunger();

    private HungryMonitor(ServerKey tcp, ServerKey udp) {
        this.tcp = tcp;
        this.udp = udp;
    }

    /**
     * Checks, hungers and recovers.
     *
     * @param arguments the port of an HTTP server, that of a UDP server, and a file with a zero; without the file there is only
     *     the check that begins without descriptors
     */
    public static void main(String[] arguments) throws IOException {
        ServerKey tcp = ServerKey.of("127.0.0.1", Integer.parseInt(arguments[0]));
        ServerKey udp = ServerKey.of("127.0.0.1", Integer.parseInt(arguments[1]));
        HungryMonitor hungry = new HungryMonitor(tcp, udp);
        hungry.watch(tcp, often(TcpCheck.builder()).warmup(LATER).build()); // without descriptors
        if (arguments.length == 3) {
            hungry.watchMore(Path.of(arguments[2]));
        }
        hungry.run();
        System.exit(0);
    }

    private void watchMore(Path zero) {
        watch(tcp, often(TcpCheck.builder()).build());
        watch(tcp, often(HttpCheck.httpGet("/")).build());
        // Half the time, for else the next attempt would take the descriptor of the one before, at once.
        watch(udp, often(UdpCheck.builder()).connectTimeout(OFTEN.dividedBy(2)).build());
        watch(tcp, often(MiscCheck.program("/bin/true")).build());
        watch(tcp, often(FileCheck.of(zero)).build());
    }

    private void run() throws IOException {
        List<HealthMonitor.Watch> allButTheFirst = watches.subList(1, watches.size());
        List<String> before = await(allButTheFirst, CheckResult.Passed.class, () -> {});
        // Again and again, because attempts that end give some back.
        List<String> meanwhile = await(watches, CheckResult.Inconclusive.class, hunger::takeAll);
        hunger.giveAllBack();
        List<String> thereafter = await(watches, CheckResult.Passed.class, () -> {});
        before.forEach(found -> System.out.println("before: " + found));
        meanwhile.forEach(found -> System.out.println("meanwhile: " + found));
        thereafter.forEach(found -> System.out.println("thereafter: " + found));
        monitor.close();
    }

    private static <B extends CheckBuilder<B>> B often(B check) {
        return check.delayLoop(OFTEN).warmup(Duration.ZERO);
    }

    private void watch(ServerKey server, HealthCheck check) {
        watches.add(monitor.watch(server, check, Optional.empty(), (up, cause) -> {}));
    }

    /** Waits until the latest result of each is of a kind. */
    private static List<String> await(
            List<HealthMonitor.Watch> watches, Class<? extends CheckResult> kind, Runnable meanwhile) {
        List<String> found = new ArrayList<>();
        for (HealthMonitor.Watch watch : watches) {
            Optional<CheckResult> result = Optional.empty();
            while (result.filter(kind::isInstance).isEmpty()) {
                meanwhile.run();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                result = watch.latest();
            }
            found.add(result.orElseThrow().toString());
        }
        return found;
    }
}
