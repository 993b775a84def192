package io.lvs4j;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Some services of a desired table could not be applied. All others are as desired. Each service is all or nothing: one that
 * could not be added is not there, one that could not be changed is as it was before, and one that could not be removed is
 * still there with its checks and drains, until it is removed or a table without it is applied once more. What else it still
 * does is up to the backend: it may have let go of a part.
 */
public final class ApplyException extends LvsException {
    private static final long serialVersionUID = 1L;

    private final transient Plan plan;
    private final transient Map<ServiceKey, BackendException> failures;

    ApplyException(Plan plan, Map<ServiceKey, BackendException> failures) {
        super(
                failures.values().stream().map(Throwable::getMessage).collect(Collectors.joining("; ")),
                failures.values().iterator().next());
        this.plan = plan;
        this.failures = Map.copyOf(failures);
    }

    /** {@return what was asked for} */
    public Plan plan() {
        return plan;
    }

    /** {@return why, for each service that was not changed} */
    public Map<ServiceKey, BackendException> failures() {
        return failures;
    }
}
