package io.lvs4j;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Some services of a desired table could not be applied. Each service is all or nothing: those named here are as they were
 * before, all others are as desired.
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
