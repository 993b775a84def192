/**
 * Describes Linux Virtual Server set-ups as values and runs them: start at {@link io.lvs4j.VirtualService} (what to
 * serve) and {@link io.lvs4j.Director} (who runs it).
 */
module io.lvs4j {
    requires org.slf4j;
    requires transitive static org.jspecify;

    exports io.lvs4j;
    exports io.lvs4j.check;
    exports io.lvs4j.spi;

    uses io.lvs4j.spi.BackendProvider;
    uses io.lvs4j.spi.CustomScheduler;
    uses io.lvs4j.spi.HealthMonitorProvider;
    uses io.lvs4j.spi.NameResolverProvider;
}
