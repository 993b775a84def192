package io.lvs4j.benchmarks.suite;

import java.util.List;
import java.util.function.Predicate;

/**
 * Rows that are measured one after the other, and shown in one table.
 *
 * @param title the heading of the table
 * @param floors measured before the rows and again after them; ratios in the table are to the first
 * @param tasks the rows
 * @param pace how long each row takes
 */
record Group(String title, List<Task> floors, List<Task> tasks, Pace pace) {

    /** How much time a row gets. */
    enum Pace {
        /** Allocation matters, time hardly. */
        BRISK,
        /** Little code. */
        NORMAL,
        /** Caches with much code, and large tables. */
        LONG,
        /** One shot. */
        ONCE
    }

    Group only(Predicate<Key> wanted) {
        return new Group(
                title,
                floors,
                tasks.stream().filter(task -> wanted.test(task.key())).toList(),
                pace);
    }
}
