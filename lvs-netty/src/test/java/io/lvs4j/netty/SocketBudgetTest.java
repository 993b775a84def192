package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets descriptors when there are few. */
class SocketBudgetTest {
    @Test
    void theReserveIsASixteenthAndNoLessThan32() {
        assertThat(connectionsOf(SocketBudget.of(16_000, 100))).isEqualTo((16_000 - 100 - 1_000) / 2);
        assertThat(connectionsOf(SocketBudget.of(256, 60))).isEqualTo((256 - 60 - 32) / 2);
        assertThat(connectionsOf(SocketBudget.of(64, 60))).isEqualTo(1); // or it could not serve at all
    }

    private static int connectionsOf(SocketBudget budget) {
        int count = 0;
        for (; !budget.isUsedUp(); count++) {
            budget.takeConnection();
        }
        return count;
    }

    @Test
    void flowsGetHalfAndNoMoreThanConnectionsLeave() {
        SocketBudget budget = new SocketBudget(10, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(budget.take()).isTrue();
        }
        assertThat(budget.take()).isFalse();
        budget.takeConnection();
        budget.takeConnection();
        budget.giveBack();
        assertThat(budget.take()).isTrue();
        budget.giveBack();
        budget.takeConnection();
        assertThat(budget.take()).isFalse();
    }

    @Test
    void pipesGetAnEighthAndNothingWhileHalfIsInUse() {
        SocketBudget budget = new SocketBudget(64, 32);
        for (int i = 0; i < 4; i++) {
            assertThat(budget.takePipe()).isTrue();
        }
        assertThat(budget.takePipe()).isFalse();
        budget.giveBackPipe();
        for (int i = 0; i < 13; i++) {
            budget.takeConnection();
        }
        assertThat(budget.takePipe()).isFalse();
        budget.giveBackConnection();
        assertThat(budget.takePipe()).isTrue();
    }

    @Test
    void whoHasWaitedLongestGoesOnWithEachThatIsGivenBack() {
        SocketBudget budget = new SocketBudget(4, 2);
        List<String> went = new ArrayList<>();
        budget.takeConnection();
        budget.takeConnection();
        budget.await(() -> went.add("first"));
        budget.await(() -> went.add("second"));
        assertThat(went).isEmpty();
        budget.giveBackConnection();
        assertThat(went).containsExactly("first");
        budget.passOn(); // nobody came to the first
        assertThat(went).containsExactly("first", "second");
    }

    @Test
    void whoIsForgottenDoesNotKeepTheNextOneWaiting() {
        SocketBudget budget = new SocketBudget(2, 1);
        List<String> went = new ArrayList<>();
        SocketBudget.Waiter first = () -> went.add("first");
        budget.takeConnection();
        budget.await(first);
        budget.await(() -> went.add("second"));
        budget.giveBackConnection();
        budget.forget(first); // it was told to go on, and is closed before it does
        assertThat(went).containsExactly("first", "second");
    }

    @Test
    void nobodyIsTakenWhileALoopHasNoMemory() {
        SocketBudget budget = new SocketBudget(4, 2);
        List<String> went = new ArrayList<>();
        PendingBytes pending = new PendingBytes(budget, 100);
        var kept = pending.keep(io.netty.buffer.Unpooled.directBuffer(60, 60));
        assertThat(pending.isShort()).isTrue();
        assertThat(budget.isUsedUp()).isFalse();
        assertThat(pending.keep(kept, 0, 50)).isNull();
        assertThat(budget.isUsedUp()).isTrue();
        budget.await(() -> went.add("first"));
        pending.release(kept);
        assertThat(budget.isUsedUp()).isFalse();
        assertThat(went).containsExactly("first");
    }
}
