package io.lvs4j.benchmarks.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the numbers depend on: processor, system and JVM. Neither names nor paths of the machine. */
final class Machine {
    private Machine() {}

    /** {@return facts by name, in the order in which to show them} */
    static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Processor", line("/proc/cpuinfo", "model name", ":", System.getProperty("os.arch")));
        facts.put("Cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("System", line("/etc/os-release", "PRETTY_NAME", "=", System.getProperty("os.name")));
        facts.put("Kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put(
                "JVM",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version") + " ("
                        + System.getProperty("java.vendor") + ")");
        return facts;
    }

    private static String line(String file, String name, String separator, String otherwise) {
        try {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] parts = line.split(separator, 2);
                if (parts.length == 2 && parts[0].trim().equals(name)) {
                    return parts[1].trim().replace("\"", "");
                }
            }
        } catch (IOException e) {
            return otherwise; // not Linux
        }
        return otherwise;
    }
}
