package io.lvs4j.vrrp;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A speaker in a Java process of its own, so that it can be killed and stopped. It prints a line for each event, and ends when it is asked to, or when
 * nobody is left who could write to it.
 */
final class SpeakerProcess {
    private SpeakerProcess() {}

    /** Returns the command that starts it. */
    static List<String> command(Candidate candidate) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classPath(),
                SpeakerProcess.class.getName(),
                candidate.word());
    }

    private static String classPath() {
        Path target = Path.of("target");
        return Stream.concat(
                        Stream.of("java.class.path", "jdk.module.path")
                                .map(name -> System.getProperty(name, ""))
                                .flatMap(path -> Arrays.stream(path.split(File.pathSeparator))),
                        Stream.of(target.resolve("classes"), target.resolve("test-classes"))
                                .map(Path::toAbsolutePath)
                                .map(Path::toString))
                .filter(entry -> !entry.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    public static void main(String[] arguments) throws IOException {
        Candidate candidate = Candidate.parse(arguments[0]);
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .router(candidate.router())
                .listener(event -> System.out.println(event))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(speaker::close));
        speaker.start();
        while (System.in.read() >= 0) {
            // whatever is said, it means that somebody is there
        }
    }
}
