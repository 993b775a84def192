package io.lvs4j;

import io.lvs4j.check.Advice;
import java.util.Collection;
import java.util.OptionalInt;

/**
 * The weight that checks advise: the lowest percentage of the described weight, rounded up, or the described weight itself if
 * there is none; and to that the difference of each advised weight to the described one.
 */
final class AdvisedWeight {
    private AdvisedWeight() {}

    static int of(int described, Collection<Advice> advice) {
        if (advice.isEmpty()) {
            return described; // most servers get none, and all are asked for every verdict on one
        }
        OptionalInt percent = advice.stream()
                .filter(Advice.Percent.class::isInstance)
                .mapToInt(each -> ((Advice.Percent) each).value())
                .min();
        long weight = percent.isPresent() ? ((long) described * percent.getAsInt() + 99) / 100 : described;
        weight += advice.stream()
                .filter(Advice.Weight.class::isInstance)
                .mapToLong(each -> ((Advice.Weight) each).value() - described)
                .sum();
        return (int) Math.max(0, Math.min(weight, RealServer.MAX_WEIGHT));
    }
}
