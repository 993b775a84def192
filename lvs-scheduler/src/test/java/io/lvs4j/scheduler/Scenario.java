package io.lvs4j.scheduler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** Which operations of a class are called: some one after the other, then those of each thread at the same time. */
final class Scenario {
    final Class<?> operations;
    private final List<Actor> first = new ArrayList<>();
    private final List<List<Actor>> threads = new ArrayList<>();

    private Scenario(Class<?> operations) {
        this.operations = operations;
    }

    static Scenario of(Class<?> operations) {
        return new Scenario(operations);
    }

    /** Before the threads begin. */
    Scenario first(String operation, Object... arguments) {
        first.add(call(operation, arguments));
        return this;
    }

    /** Begins another thread, with this call. */
    Scenario thread(String operation, Object... arguments) {
        threads.add(new ArrayList<>());
        return then(operation, arguments);
    }

    /** Lets the thread that was begun last call this, too. */
    Scenario then(String operation, Object... arguments) {
        threads.get(threads.size() - 1).add(call(operation, arguments));
        return this;
    }

    private Actor call(String operation, Object... arguments) {
        Method method = Arrays.stream(operations.getMethods())
                .filter(candidate -> candidate.getName().equals(operation) && !candidate.isBridge())
                .findFirst()
                .orElseThrow();
        return new Actor(method, List.of(arguments));
    }

    ExecutionScenario asLincheckWantsIt() {
        return new ExecutionScenario(first, threads, List.of(), null);
    }
}
