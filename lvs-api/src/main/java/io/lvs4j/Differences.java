package io.lvs4j;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says in words how two descriptions differ, setting by setting. */
final class Differences {
    private Differences() {}

    /** Returns for example {@code scheduling rr -> wlc, poolRules.quorum.weight 1 -> 2}; the records are of one class. */
    static String between(Record before, Record after) {
        List<String> found = new ArrayList<>();
        collect("", before, after, found);
        return String.join(", ", found);
    }

    private static void collect(String path, Record before, Record after, List<String> found) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Object then = valueOf(component, before);
            Object now = valueOf(component, after);
            String name = path + component.getName();
            if (then instanceof Record a && now instanceof Record b && a.getClass() == b.getClass()) {
                collect(name + ".", a, b, found);
            } else if (!then.equals(now)) {
                found.add(name + " " + then + " -> " + now);
            }
        }
    }

    private static Object valueOf(RecordComponent component, Record of) {
        try {
            Object value = component.getAccessor().invoke(of);
            return value instanceof Optional<?> optional ? optional.isPresent() ? optional.get() : "none" : value;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e); // they are ours and public
        }
    }
}
