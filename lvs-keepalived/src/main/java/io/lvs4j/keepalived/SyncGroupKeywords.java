package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Statement;

/** What may stand in {@code vrrp_sync_group}. */
final class SyncGroupKeywords {
    static final Keywords<Group> TABLE = table();

    /** The draft of a group, and the whole of which it is read. */
    record Group(SyncGroupDraft draft, ConfigDraft config) implements TrackLines.Owner {
        @Override
        public TrackingDraft tracking() {
            return draft.tracking;
        }
    }

    private SyncGroupKeywords() {}

    private static Keywords<Group> table() {
        Keywords.Builder<Group> table = Keywords.in("vrrp_sync_group");
        VrrpBlocks.lines(table, "group", SyncGroupKeywords::members);
        table.once();
        TrackLines.keywords(table);
        NotifyDraft.script(
                table,
                group -> group.draft().notify,
                RouterEvent.BACKUP,
                RouterEvent.MASTER,
                RouterEvent.FAULT,
                RouterEvent.STOP,
                RouterEvent.ANY);
        return table.bool("smtp_alert", (group, yes) -> {})
                .notCarriedOut("no mail is sent")
                .flag("global_tracking", group -> group.draft().trackingWeight = true)
                .refused("track_interface, track_script or track_file in vrrp_sync_group")
                .flag("sync_group_tracking_weight", group -> group.draft().trackingWeight = true)
                .bool("notify_priority_changes", (group, yes) -> group.draft().notify.priorityChanges = yes)
                .build();
    }

    private static void members(Group group, Arguments arguments) {
        for (Statement line : TrackLines.lines(arguments)) {
            group.draft().members.addAll(line.words());
        }
    }
}
