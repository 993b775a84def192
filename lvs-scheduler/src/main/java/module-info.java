/** The scheduling algorithms, the decision engine and the headless backend. */
module io.lvs4j.scheduler {
    requires transitive io.lvs4j;
    requires transitive static org.jspecify;
    requires com.github.benmanes.caffeine;
}
