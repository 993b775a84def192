package io.lvs4j.keepalived;

import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.Diagnostic;
import java.util.List;

/** Reads small configurations, and shows what comes of them on one line each. */
final class ConfigTexts {
    private ConfigTexts() {}

    static KeepalivedConfig strict(String text) {
        return KeepalivedConfig.read("test.conf", text, ReadOptions.STRICT);
    }

    static KeepalivedConfig lenient(String text) {
        return KeepalivedConfig.read("test.conf", text, ReadOptions.LENIENT);
    }

    /** {@return a virtual server at 10.0.0.1 80 that is complete, with more in its block} */
    static String virtualServer(String more) {
        return "virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 192.168.1.1 80 {\n }\n"
                + more + "\n}\n";
    }

    /** {@return the same, with more in its server's block} */
    static String realServer(String more) {
        return "virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 192.168.1.1 80 {\n"
                + more + "\n }\n}\n";
    }

    /** {@return its only service} */
    static VirtualService service(String text) {
        KeepalivedConfig config = strict(text);
        if (config.services().size() != 1) {
            throw new AssertionError("not one service: " + config.services() + " " + config.diagnostics());
        }
        return config.services().get(0).service();
    }

    /** {@return what is told in strict mode, each as {@code line:column severity code}} */
    static List<String> told(String text) {
        return told(strict(text));
    }

    static List<String> told(KeepalivedConfig config) {
        return config.diagnostics().stream().map(ConfigTexts::line).toList();
    }

    /** {@return the errors of what is told, each as {@code line:column code}} */
    static List<String> errors(KeepalivedConfig config) {
        return told(config).stream()
                .filter(each -> each.contains("ERROR"))
                .map(each -> each.replace("ERROR ", ""))
                .toList();
    }

    private static String line(Diagnostic each) {
        return each.at().line() + ":" + each.at().column() + " " + each.severity() + " " + each.code();
    }
}
