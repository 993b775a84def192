package io.lvs4j.keepalived.syntax;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds files by a pattern, as glob(3) does: {@code *}, {@code ?} and {@code [...]} within a name, of which a dot at the beginning matches
 * none; {@code {a,b}} anywhere, also within each other; {@code \} takes a character's meaning away. Each pattern's files are sorted.
 *
 * @param paths what was found
 * @param missing whether a name without wildcards, or a directory, was not
 * @param names how many there were without braces, or more if more was found
 */
record FilePattern(List<Path> paths, boolean missing, int names) {
    /** How much work is left: characters to be looked at. Not thread-safe. */
    static final class Work {
        /** What a name in a directory costs beside its characters. */
        private static final int NAME = 64;
        /** What it costs to list a directory. */
        private static final int LIST = 1024;

        private long left;

        Work(long characters) {
            left = characters;
        }

        boolean spend(long characters) {
            left -= characters;
            return left >= 0;
        }

        boolean isDone() {
            return left < 0;
        }
    }

    /** {@return the files that match, at most a number of them, and fewer if the work was too much}. */
    static FilePattern find(Path directory, String pattern, int limit, Work work) {
        Search search = new Search(limit, work);
        List<String> alternatives = alternatives(pattern, limit, work);
        for (String each : alternatives) {
            Path root = each.startsWith("/") ? Path.of("/") : directory;
            search.find(root, each.split("/+"), each.startsWith("/") ? 1 : 0);
        }
        return new FilePattern(search.found, search.missing, Math.max(alternatives.size(), search.found.size()));
    }

    /** {@return the patterns without braces that one with braces stands for, at most a number of them} */
    private static List<String> alternatives(String pattern, int limit, Work work) {
        List<String> open = new ArrayList<>(List.of(pattern));
        List<String> done = new ArrayList<>();
        while (!open.isEmpty() && done.size() <= limit && !work.isDone()) {
            String each = open.remove(open.size() - 1);
            int begin = unescaped(each, 0, '{');
            int end = begin < 0 ? -1 : closing(each, begin);
            if (end < 0) {
                done.add(each);
                continue;
            }
            int at = open.size();
            int from = begin + 1;
            int depth = 0;
            for (int i = from; i <= end; i++) {
                char sign = each.charAt(i);
                if (sign == '\\') {
                    i++;
                } else if (depth == 0 && (sign == ',' || i == end) && work.spend(each.length())) {
                    open.add(at, each.substring(0, begin) + each.substring(from, i) + each.substring(end + 1));
                    from = i + 1;
                } else if (sign == '{') {
                    depth++;
                } else if (sign == '}') {
                    depth--;
                }
            }
        }
        return done;
    }

    private static int unescaped(String text, int from, char wanted) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int closing(String text, int begin) {
        int depth = 0;
        for (int i = begin; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '{' -> depth++;
                case '}' -> {
                    if (--depth == 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return -1;
    }

    private static final class Search {
        private final int limit;
        private final Work work;
        private final List<Path> found = new ArrayList<>();
        private boolean missing;

        Search(int limit, Work work) {
            this.limit = limit;
            this.work = work;
        }

        void find(Path directory, String[] names, int next) {
            if (found.size() > limit
                    || !work.spend(Work.NAME + directory.toString().length())) {
                return;
            }
            if (next >= names.length) {
                found.add(directory);
                return;
            }
            String name = names[next];
            if (unescaped(name, 0, '*') < 0 && unescaped(name, 0, '?') < 0 && unescaped(name, 0, '[') < 0) {
                Path path = directory.resolve(name.replaceAll("\\\\(.)", "$1"));
                if (Files.exists(path)) {
                    find(path, names, next + 1);
                } else {
                    missing = true;
                }
                return;
            }
            if (!work.spend(Work.LIST)) {
                return;
            }
            List<Path> entries = new ArrayList<>();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
                for (Path each : all) {
                    if (matches(name, String.valueOf(each.getFileName()), work)) {
                        entries.add(each);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                missing = true;
                return;
            }
            entries.stream().sorted().forEach(each -> {
                if (next + 1 == names.length || Files.isDirectory(each)) {
                    find(each, names, next + 1);
                }
            });
        }
    }

    /** {@return whether a name matches} */
    private static boolean matches(String pattern, String name, Work work) {
        if (!work.spend(Work.NAME)) {
            return false;
        }
        if (name.startsWith(".") && !pattern.startsWith(".")) {
            return false;
        }
        int p = 0;
        int n = 0;
        int star = -1;
        int mark = 0;
        while (n < name.length()
                && work.spend(p < pattern.length() && pattern.charAt(p) == '[' ? pattern.length() : 1)) {
            int after = p < pattern.length() && pattern.charAt(p) != '*' ? one(pattern, p, name.charAt(n)) : -1;
            if (after > 0) {
                p = after;
                n++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = n;
            } else if (star >= 0) {
                p = star + 1;
                n = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length() && !work.isDone();
    }

    /** {@return the index after what matches one character, or -1 if it does not match} */
    private static int one(String pattern, int at, char character) {
        char sign = pattern.charAt(at);
        if (sign == '?') {
            return at + 1;
        }
        if (sign == '[') {
            boolean not = at + 1 < pattern.length() && "!^".indexOf(pattern.charAt(at + 1)) >= 0;
            int first = at + (not ? 2 : 1);
            int end = pattern.indexOf(']', first + 1);
            if (end > 0) {
                return isIn(pattern.substring(first, end), character) != not ? end + 1 : -1;
            }
        }
        int own = sign == '\\' && at + 1 < pattern.length() ? at + 1 : at;
        return pattern.charAt(own) == character ? own + 1 : -1;
    }

    private static boolean isIn(String set, char character) {
        for (int i = 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                if (character >= set.charAt(i) && character <= set.charAt(i + 2)) {
                    return true;
                }
                i += 2;
            } else if (set.charAt(i) == character) {
                return true;
            }
        }
        return false;
    }
}
