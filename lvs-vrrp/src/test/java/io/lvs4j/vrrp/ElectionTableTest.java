package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each state and each event. The router has priority 100 and sends an advert a second; {@code =} is its own priority, from a lower or a higher
 * address. The last column is the milliseconds until it is to be called again, half a second after it came into its state.
 */
class ElectionTableTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            INITIALIZE | startup   | remove, BACKUP                          | BACKUP     | 3609
            INITIALIZE | shutdown  |                                         | INITIALIZE |   -1
            INITIALIZE | timer     |                                         | INITIALIZE |   -1
            INITIALIZE | fault     |                                         | INITIALIZE |   -1
            INITIALIZE | recovered |                                         | INITIALIZE |   -1
            INITIALIZE | 0         |                                         | INITIALIZE |   -1
            INITIALIZE | 99        |                                         | INITIALIZE |   -1
            INITIALIZE | 101       |                                         | INITIALIZE |   -1
            INITIALIZE | becomes 120 | priority 120                          | INITIALIZE |   -1
            BACKUP     | startup   |                                         | BACKUP     | 3109
            BACKUP     | shutdown  | INITIALIZE                              | INITIALIZE |   -1
            BACKUP     | timer     |                                         | BACKUP     | 3109
            BACKUP     | down time | look, send 100, add, announce 5, MASTER | MASTER     | 1000
            BACKUP     | fault     | FAULT                                   | FAULT      |   -1
            BACKUP     | recovered |                                         | BACKUP     | 3109
            BACKUP     | 0         |                                         | BACKUP     |  609
            BACKUP     | 99        |                                         | BACKUP     | 3109
            BACKUP     | =lower    |                                         | BACKUP     | 3609
            BACKUP     | =higher   |                                         | BACKUP     | 3609
            BACKUP     | 101       |                                         | BACKUP     | 3609
            BACKUP     | becomes 120 | priority 120                          | BACKUP     | 3031
            BACKUP     | becomes 100 |                                       | BACKUP     | 3109
            MASTER     | startup   |                                         | MASTER     |  500
            MASTER     | shutdown  | send 0, remove, INITIALIZE              | INITIALIZE |   -1
            MASTER     | timer     |                                         | MASTER     |  500
            MASTER     | down time | look, send 100                          | MASTER     | 1000
            MASTER     | fault     | send 0, remove, FAULT                   | FAULT      |   -1
            MASTER     | recovered |                                         | MASTER     |  500
            MASTER     | 0         | send 100                                | MASTER     | 1000
            MASTER     | 99        | send 100, announce 3, lower 99          | MASTER     | 1000
            MASTER     | =lower    | send 100, announce 3, lower 100         | MASTER     | 1000
            MASTER     | =higher   | remove, BACKUP                          | BACKUP     | 3609
            MASTER     | 101       | remove, BACKUP                          | BACKUP     | 3609
            MASTER     | becomes 120 | priority 120                          | MASTER     |  500
            FAULT      | startup   |                                         | FAULT      |   -1
            FAULT      | shutdown  | INITIALIZE                              | INITIALIZE |   -1
            FAULT      | timer     |                                         | FAULT      |   -1
            FAULT      | fault     |                                         | FAULT      |   -1
            FAULT      | recovered | BACKUP                                  | BACKUP     | 3609
            FAULT      | 0         |                                         | FAULT      |   -1
            FAULT      | 99        |                                         | FAULT      |   -1
            FAULT      | 101       |                                         | FAULT      |   -1
            FAULT      | becomes 120 | priority 120                          | FAULT      |   -1
            """)
    void anEventInAState(RouterState before, String event, String actions, RouterState after, long due) {
        ElectionDrive drive = in(before);

        List<String> done = happens(drive, event);

        assertThat(done).isEqualTo(actions == null ? List.of() : Arrays.asList(actions.split(", ")));
        assertThat(drive.election.state()).isEqualTo(after);
        assertThat(drive.due()).isEqualTo(due);
    }

    private static ElectionDrive in(RouterState state) {
        ElectionDrive drive = new ElectionDrive(ElectionDrive.router());
        if (state != RouterState.INITIALIZE) {
            drive.startup();
        }
        if (state == RouterState.FAULT) {
            drive.fault();
        }
        if (state == RouterState.MASTER) {
            drive.waits(3610);
            drive.puts(500);
            return drive;
        }
        drive.sleeps(500);
        return drive;
    }

    private static List<String> happens(ElectionDrive drive, String event) {
        return switch (event) {
            case "startup" -> drive.startup();
            case "shutdown" -> drive.shutdown();
            case "fault" -> drive.fault();
            case "recovered" -> drive.recovered();
            case "timer" -> drive.timer();
            case "down time" -> {
                drive.puts(0);
                List<String> done = new ArrayList<>(drive.timer());
                done.addAll(drive.timer());
                yield done;
            }
            case "=lower" -> drive.hears(100, ElectionDrive.LOWER);
            case "=higher" -> drive.hears(100, ElectionDrive.HIGHER);
            default ->
                event.startsWith("becomes ")
                        ? drive.priority(Integer.parseInt(event.substring(8)))
                        : drive.hears(Integer.parseInt(event), ElectionDrive.HIGHER);
        };
    }
}
