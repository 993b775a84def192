/** The scheduling algorithms, the decision engine that asks them, and the headless backend. */
module io.lvs4j.scheduler {
    requires transitive io.lvs4j;
    requires transitive static org.jspecify;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;

    exports io.lvs4j.scheduler;

    uses io.lvs4j.spi.CustomScheduler;

    provides io.lvs4j.spi.BackendProvider with
            io.lvs4j.scheduler.HeadlessBackendProvider;
}
