/** The contract that every backend meets, and a manual clock. */
module io.lvs4j.testkit {
    requires transitive io.lvs4j;
    requires transitive static org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive org.assertj.core;

    exports io.lvs4j.testkit;
}
