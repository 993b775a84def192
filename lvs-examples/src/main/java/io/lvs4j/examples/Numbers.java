package io.lvs4j.examples;

/** Whole numbers in option values. */
final class Numbers {

    private Numbers() {}

    static int parse(String setting, String text, int min, int max) {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = digits ? Long.parseLong(text) : -1;
        if (number < min || number > max) {
            throw new BadInput(setting, text, min + ".." + max);
        }
        return (int) number;
    }
}
