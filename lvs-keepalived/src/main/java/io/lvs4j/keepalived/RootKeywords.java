package io.lvs4j.keepalived;

import io.lvs4j.keepalived.TrackFileKeywords.TrackFile;
import java.util.Optional;

/** What may stand outside of every block. */
final class RootKeywords {
    private static final String NO_BFD = "there is no BFD";
    private static final String NO_NAMESPACE = "the namespace is the process's";

    private static final Keywords<ConfigDraft> SSL = Keywords.<ConfigDraft>in("SSL")
            .value("password", Value.text(), (config, text) -> {})
            .once()
            .value("ca", Value.text(), (config, text) -> {})
            .once()
            .value("certificate", Value.text(), (config, text) -> {})
            .once()
            .value("key", Value.text(), (config, text) -> {})
            .once()
            .build();

    static final Keywords<ConfigDraft> TABLE = table();

    private RootKeywords() {}

    private static Keywords<ConfigDraft> table() {
        Keywords.Builder<ConfigDraft> table = Keywords.<ConfigDraft>in("")
                .block(
                        "global_defs",
                        0,
                        0,
                        GlobalKeywords.TABLE,
                        (config, arguments) -> Optional.of(config.global),
                        (config, global, arguments) -> {})
                .lines("virtual_server_group", 1, Integer.MAX_VALUE, GroupLines::read)
                .block(
                        "virtual_server",
                        1,
                        2,
                        VirtualServerKeywords.TABLE,
                        (config, arguments) -> VirtualServerDraft.begin(arguments),
                        (config, vs, arguments) -> {
                            vs.faulty = arguments.reading().errors() > vs.errorsBefore;
                            config.virtualServers.add(vs);
                        })
                .block("SSL", 0, 0, SSL, (config, it) -> Optional.of(config), (config, same, it) -> {})
                .notCarriedOut("checks have no certificate of their own")
                .block("track_file", 1, 1, TrackFileKeywords.TABLE, RootKeywords::trackFile, TrackFileKeywords::end)
                .block(
                        "vrrp_track_file",
                        1,
                        1,
                        TrackFileKeywords.TABLE,
                        RootKeywords::trackFile,
                        TrackFileKeywords::end)
                .deprecated("track_file")
                .lines(
                        "bfd_instance",
                        1,
                        1,
                        (config, arguments) ->
                                config.bfdInstances.add(arguments.word(0).text()))
                .notCarriedOut(NO_BFD)
                .words("net_namespace", 1, 1, (config, arguments) -> {})
                .once()
                .notCarriedOut(NO_NAMESPACE)
                .words("net_namespace_ipvs", 0, 1, (config, arguments) -> {})
                .once()
                .notCarriedOut(NO_NAMESPACE)
                .flag("namespace_with_ipsets", config -> {})
                .notCarriedOut(NO_NAMESPACE)
                .flag("use_pid_dir", config -> {})
                .notCarriedOut("there are no files of process ids")
                .words("instance", 1, 1, (config, arguments) -> {})
                .once()
                .notCarriedOut("there are no files of process ids")
                .value("child_wait_time", Value.number(0, Value.MAX), (config, seconds) -> {})
                .notCarriedOut("there are no processes of keepalived's");
        VrrpBlocks.keywords(table);
        return table.build();
    }

    private static Optional<TrackFile> trackFile(ConfigDraft config, Arguments arguments) {
        return Optional.of(new TrackFile(arguments));
    }
}
