package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lvs4j.ConnectionLimits;
import io.lvs4j.VirtualService;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Letting somebody in, or not, allocates nothing. */
class AdmissionAllocationTest {
    private static final int CONNECTIONS = 200_000;
    private static final long TOLERATED_BYTES = 4096; // the measuring itself, a class that is loaded meanwhile

    private final Refusals refusals = new Refusals();
    private int letIn;

    private Admission admission(VirtualService.Builder service) {
        return new Admission(
                refusals,
                System::nanoTime,
                SourceTable.SLOTS,
                ConnectionLimits.defaults(),
                service.listen("10.0.0.1", 80).build());
    }

    private Admission limited() {
        return admission(VirtualService.builder()
                .deny("10.9.0.0/16", "fd09::/16")
                .limits(ConnectionLimits.defaults()
                        .withPerService(1_000)
                        .withPerSource(10)
                        .withNewPerSource(1_000_000)));
    }

    private static long allocated(Runnable work) {
        work.run(); // compiles it, and lets the table have its slots
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        work.run();
        return threads.getThreadAllocatedBytes(thread) - before;
    }

    private void connect(Admission admission, long network) {
        for (int i = 0; i < CONNECTIONS; i++) {
            int ticket = admission.admit(0, 0xffff_0000_0000L | network | (i & 0xfff));
            if (ticket != Admission.REFUSED) {
                letIn++;
                admission.left(ticket);
            }
        }
    }

    @Test
    void lettingInWithAllLimitsAllocatesNothing() {
        Admission admission = limited();
        assertThat(allocated(() -> connect(admission, 0x0a00_0000L))).isLessThan(TOLERATED_BYTES);
        assertThat(letIn).isPositive();
        assertThat(admission.connections()).isZero();
    }

    @Test
    void turningAwayAllocatesNothing() {
        Admission admission = limited();
        assertThat(allocated(() -> connect(admission, 0x0a09_0000L))).isLessThan(TOLERATED_BYTES);
        assertThat(letIn).isZero();
    }

    @Test
    void withoutLimitsTheAddressIsNotEvenLookedAt() throws Exception {
        Admission admission = admission(VirtualService.builder());
        InetAddress source = InetAddress.getByName("10.0.0.1");
        assertThat(allocated(() -> {
                    for (int i = 0; i < CONNECTIONS; i++) {
                        letIn += admission.admit(source);
                    }
                }))
                .isLessThan(TOLERATED_BYTES);
        assertThat(letIn).isEqualTo(2 * CONNECTIONS * Admission.NOT_COUNTED);
    }
}
