package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Word;
import java.util.ArrayList;
import java.util.List;

/** A {@code vrrp_sync_group}, as it is read. Not thread-safe. */
final class SyncGroupDraft {
    final String name;
    final Position at;
    final int errorsBefore;
    final List<Word> members = new ArrayList<>();
    /** Those of the members that there are and that are in no other group; found when all is read. */
    final List<RouterDraft> routers = new ArrayList<>();

    final TrackingDraft tracking = new TrackingDraft();
    final NotifyDraft notify = new NotifyDraft();
    boolean trackingWeight;
    boolean faulty;

    SyncGroupDraft(Arguments arguments) {
        name = arguments.word(0).text();
        at = arguments.at();
        errorsBefore = arguments.reading().errors();
    }

    /** {@return it as a message names it} */
    String shown() {
        return "vrrp_sync_group " + Reading.shown(name);
    }
}
