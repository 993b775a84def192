/** The contracts that backends and schedulers meet, and a manual clock. */
module io.lvs4j.testkit {
    requires transitive io.lvs4j;
    requires io.lvs4j.scheduler;
    requires transitive static org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive org.assertj.core;

    exports io.lvs4j.testkit;
}
