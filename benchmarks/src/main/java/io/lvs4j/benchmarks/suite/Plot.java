package io.lvs4j.benchmarks.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Time against the number of servers as SVG, both axes logarithmic: one line per scheduler in the shape that its gate is
 * about, and the floors dashed. One thread.
 */
final class Plot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 560;
    private static final int LEFT = 70;
    private static final int RIGHT = 170;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int LABEL_HEIGHT = 15;
    private static final String GREY = "#777777";
    private static final List<String> COLOURS = List.of(
            "#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17a2b8", "#8c564b", "#e377c2", "#6b8e23",
            "#003f5c", "#b8860b", "#7b1fa2", "#00796b", "#c2185b");

    private final Results results;
    private final StringBuilder svg = new StringBuilder();
    private double least = 1;
    private double most = 1000;

    private record Point(int n, double nanos) {}

    private record Line(String name, String colour, boolean floor, List<Point> points) {
        double end() {
            return points.get(points.size() - 1).nanos;
        }
    }

    Plot(Results results) {
        this.results = results;
    }

    /**
     * {@return the picture}
     *
     * @param schedulers the names of the schedulers to show
     */
    String render(List<String> schedulers) {
        List<Line> lines = new ArrayList<>();
        for (String floor : List.of("F0", "F1", "F2")) {
            add(lines, floor, floor, GREY, true);
        }
        for (int i = 0; i < schedulers.size(); i++) {
            String scheduler = schedulers.get(i);
            String colour = COLOURS.get(i % COLOURS.size());
            boolean counting = Catalogue.COUNTING.contains(scheduler);
            add(lines, scheduler, scheduler + (counting ? ".open-close" : ".pick"), colour, false);
        }
        scale(lines);
        frame();
        lines.forEach(this::line);
        labels(lines);
        svg.append("</svg>\n");
        return svg.toString();
    }

    private void add(List<Line> lines, String name, String row, String colour, boolean floor) {
        List<Point> points = new ArrayList<>();
        for (int n : Catalogue.SIZES) {
            // A row that does not depend on n is read at each n.
            results.read(new Key(row, n, 1))
                    .ifPresent(
                            reading -> points.add(new Point(n, reading.value().amount())));
        }
        if (!points.isEmpty()) {
            lines.add(new Line(name, colour, floor, points));
        }
    }

    private void scale(List<Line> lines) {
        least = lines.stream()
                .flatMap(line -> line.points.stream())
                .mapToDouble(Point::nanos)
                .min()
                .orElse(1);
        most = lines.stream()
                .flatMap(line -> line.points.stream())
                .mapToDouble(Point::nanos)
                .max()
                .orElse(1000);
        least = Math.pow(10, Math.floor(Math.log10(least)));
        most = Math.pow(10, Math.ceil(Math.log10(Math.max(most, 10 * least))));
    }

    private static double x(int n) {
        double share = Math.log(n / 3.0) / Math.log(1000 / 3.0);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double y(double nanos) {
        double share = Math.log(nanos / least) / Math.log(most / least);
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private void frame() {
        print(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n",
                WIDTH, HEIGHT);
        print("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT);
        text(LEFT, TOP - 16, "start", "#222222", "ns per choice (lc wlc sed nq twos ovf: per connection), one thread");
        for (double tick = least; tick <= most * 1.001; tick *= 10) {
            print(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
                    LEFT, WIDTH - RIGHT, y(tick), y(tick));
            text(LEFT - 8, y(tick) + 4, "end", "#222222", String.format(Locale.ROOT, "%.0f", tick));
        }
        for (int n : Catalogue.SIZES) {
            print(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#eeeeee\"/>%n",
                    x(n), x(n), TOP, HEIGHT - BOTTOM);
            text(x(n), HEIGHT - BOTTOM + 18, "middle", "#222222", String.valueOf(n));
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", "#222222", "servers");
    }

    private void line(Line line) {
        StringBuilder points = new StringBuilder();
        for (Point point : line.points) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.n), y(point.nanos)));
        }
        print(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>%n",
                points.toString().trim(),
                line.colour,
                line.floor ? "1.5" : "2",
                line.floor ? " stroke-dasharray=\"6 4\"" : "");
        for (Point point : line.points) {
            print("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>%n", x(point.n), y(point.nanos), line.colour);
        }
    }

    /** Writes each name at the end of its line, moved up or down as far as it takes to be read. */
    private void labels(List<Line> lines) {
        List<Line> sorted =
                lines.stream().sorted(Comparator.comparingDouble(Line::end)).toList();
        double lowest = HEIGHT - BOTTOM;
        double[] at = new double[sorted.size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = Math.min(lowest, y(sorted.get(i).end()));
            lowest = at[i] - LABEL_HEIGHT;
        }
        double highest = LABEL_HEIGHT;
        for (int i = at.length - 1; i >= 0; i--) {
            at[i] = Math.max(highest, at[i]);
            highest = at[i] + LABEL_HEIGHT;
        }
        for (int i = 0; i < at.length; i++) {
            Line line = sorted.get(i);
            double end = x(line.points.get(line.points.size() - 1).n);
            print(
                    "<line x1=\"%.1f\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"0.6\"/>%n",
                    end + 4, WIDTH - RIGHT + 28, y(line.end()), at[i], line.colour);
            text(
                    WIDTH - RIGHT + 32,
                    at[i] + 4,
                    "start",
                    line.colour,
                    line.name + String.format(Locale.ROOT, "  %.1f", line.end()));
        }
    }

    private void text(double x, double y, String anchor, String colour, String words) {
        print("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n", x, y, anchor, colour, words);
    }

    private void print(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), arguments));
    }
}
