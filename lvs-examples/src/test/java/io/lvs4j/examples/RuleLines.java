package io.lvs4j.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Lines for ipvsadm, good ones and such with a word changed, doubled or left out. Left out is what we are strict about on purpose:
 * names, shortened and octal addresses, IPv4 addresses in brackets, masks that are no mask of the family, marks that ipvsadm prints
 * as negative, and masks before the address.
 */
final class RuleLines {
    private static final int LINES = 150;
    private static final List<String> GOOD = List.of(
            "-A -t 10.0.0.2:80 -s wrr -p 300 -M 255.255.0.0",
            "-A -u 10.0.0.2:53 -s rr -o",
            "-A -u 10.0.0.2:53 --sched-flags flag-2,flag-1 --ops",
            "-A --sctp-service 10.0.0.2:9 -s sh -b sh-fallback,sh-port",
            "-A -t [fd00::1]:443 -s mh -b mh-port -p 60 -M 64",
            "-A -f 6 -6 -s lc -p",
            "-A -f 6 -s sed -o",
            "-E -t 10.0.0.1:80 -s lblc -p 20",
            "-E -f 5 -6 --scheduler=dh --persistent=9",
            "-D -t 10.0.0.1:80",
            "-D -f 5 -6",
            "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 5 -x 10 -y 5",
            "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gue --tun-port 6080 --tun-csum",
            "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gre --tun-nocsum",
            "-a -t 10.0.0.1:80 -r [fd00::2]:80 -i -w 0",
            "-a -f 5 -6 -r [fd00::2]:80 -g -w 9",
            "-a -f 5 -6 -r fd00::2 -m",
            "-e -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 3",
            "-d -t 10.0.0.1:80 -r 10.1.0.1:80",
            "-d -t 10.0.0.1:80 -r 10.1.0.1",
            "-Z -t 10.0.0.1:80",
            "-Z",
            "-C",
            "--add-service --tcp-service 10.0.0.3:80 --persistent 30 --netmask 255.255.255.0",
            "--add-server --tcp-service 10.0.0.1:80 --real-server 10.1.0.7 --gatewaying --weight 4 --u-threshold 9",
            "-At 10.0.0.4:80 -p77 -srr",
            "-ob flag-1 -A -u 10.0.0.4:80",
            "-A -t 10.0.0.5 -p 5");
    private static final List<String> WORDS = List.of(
            "-A",
            "-a",
            "-E",
            "-e",
            "-D",
            "-d",
            "-C",
            "-Z",
            "-6",
            "-p",
            "-o",
            "-g",
            "-i",
            "-m",
            "-n",
            "--stats",
            "--nope",
            "-q",
            "--",
            "-",
            "--tun-type",
            "--tun-csum",
            "--tun-remcsum",
            "gue",
            "ipip",
            "-w",
            "-x",
            "-y",
            "0",
            "1",
            "5x",
            "-1",
            "70000",
            "2147483648",
            "10.0.0.1:80",
            "10.1.0.9:80",
            "[fd00::7]:80",
            "10.0.0.9:0",
            "rr",
            "nosuch",
            "sh-port",
            "flag-3",
            "-pe",
            "--pe=sip",
            "--ops=1",
            "-p=9",
            "-w=3",
            "--weight=8",
            "-b",
            "-s",
            "-f",
            "-u",
            "-r");

    private RuleLines() {}

    static List<String> lines() {
        Random random = new Random(7);
        Set<String> lines = new LinkedHashSet<>(GOOD);
        while (lines.size() < LINES) {
            List<String> words = new ArrayList<>(
                    Arrays.asList(GOOD.get(random.nextInt(GOOD.size())).split(" ")));
            int at = random.nextInt(words.size());
            switch (random.nextInt(4)) {
                case 0 -> words.remove(at);
                case 1 -> words.add(at, words.get(at));
                case 2 -> words.set(at, WORDS.get(random.nextInt(WORDS.size())));
                default -> words.add(at, WORDS.get(random.nextInt(WORDS.size())));
            }
            String line = String.join(" ", words);
            if (!line.isEmpty() && !hasMaskOfAnotherFamily(line)) {
                lines.add(line);
            }
        }
        return List.copyOf(lines);
    }

    private static boolean hasMaskOfAnotherFamily(String line) {
        boolean mask = line.contains("-M ") || line.contains("--netmask ");
        boolean ipv6 = line.contains("-t [");
        return mask && !line.contains(ipv6 ? "-M 64" : " 255.255.");
    }
}
