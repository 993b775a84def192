package io.lvs4j.examples;

// tag::quickstart
import io.lvs4j.Director;
import io.lvs4j.VirtualService;
import io.lvs4j.check.HttpCheck;
import java.time.Duration;

/** Two web servers behind one port, until Ctrl-C. */
final class QuickStart {
    public static void main(String[] args) throws InterruptedException {
        HttpCheck check =
                HttpCheck.httpGet("/").delayLoop(Duration.ofSeconds(6)).build();
        VirtualService web = VirtualService.builder()
                .listen("127.0.0.1", 8080)
                .scheduler("rr")
                .healthCheck(check)
                .realServer("127.0.0.1", 9001)
                .realServer("127.0.0.1", 9002)
                .build();
        try (Director director =
                Director.builder().listener(System.out::println).build()) {
            director.add(web);
            Thread.currentThread().join();
        }
    }
}
// end::quickstart
