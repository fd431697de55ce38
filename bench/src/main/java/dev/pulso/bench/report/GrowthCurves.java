package dev.pulso.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Draws time against number of jobs, both on logarithmic scales, as an SVG. */
public final class GrowthCurves {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 440;
  private static final int LEFT = 78;
  private static final int RIGHT = 250;
  private static final int TOP = 46;
  private static final int BOTTOM = 52;

  /** Ours solid and blue, others' warm; the second of a kind (one account) is dashed. */
  private static final String STYLE =
      """
      text { font: 13px system-ui, sans-serif; fill: #24292f; }
      .title { font-size: 15px; font-weight: 600; }
      .grid { stroke: #d0d7de; stroke-width: 1; }
      .ours { stroke: #0969da; } .ours-dot { fill: #0969da; }
      .theirs { stroke: #bc4c00; } .theirs-dot { fill: #bc4c00; }
      .curve { fill: none; stroke-width: 2.5; } .one { stroke-dasharray: 6 4; }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .grid { stroke: #3d444d; }
        .ours { stroke: #58a6ff; } .ours-dot { fill: #58a6ff; }
        .theirs { stroke: #f0883e; } .theirs-dot { fill: #f0883e; }
      }
      """;

  private final Map<String, List<Row>> curves = new LinkedHashMap<>();
  private double leastJobs = Double.MAX_VALUE;
  private double mostJobs;
  private double leastMs = Double.MAX_VALUE;
  private double mostMs;

  private GrowthCurves() {}

  /** The curves of what was measured at more than one size, as far as it is wanted. */
  public static String of(Report report, Predicate<Row> wanted, String title) {
    GrowthCurves drawing = new GrowthCurves();
    report.rows().stream().filter(wanted).forEach(drawing::add);
    drawing.curves.values().removeIf(points -> points.size() < 2);
    return drawing.draw(title);
  }

  private void add(Row row) {
    curves.computeIfAbsent(row.what(), what -> new ArrayList<>()).add(row);
    leastJobs = Math.min(leastJobs, row.jobs());
    mostJobs = Math.max(mostJobs, row.jobs());
    leastMs = Math.min(leastMs, row.samples().median());
    mostMs = Math.max(mostMs, row.samples().median());
  }

  private String draw(String title) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
        <style>
        %s</style>
        """
            .formatted(WIDTH, HEIGHT, title, STYLE));
    text(svg, LEFT, 22, "start", "title", title);
    if (!curves.isEmpty()) {
      grid(svg);
      curves.forEach((what, points) -> curve(svg, what, points));
      labels(svg);
    }
    return svg.append("</svg>\n").toString();
  }

  private void grid(StringBuilder svg) {
    for (int power = floor(leastMs); power <= ceil(mostMs); power++) {
      double y = y(Math.pow(10, power));
      line(svg, LEFT, y, WIDTH - RIGHT, y);
      text(svg, LEFT - 10, y + 4, "end", "", time(power));
    }
    for (int power = floor(leastJobs); power <= ceil(mostJobs); power++) {
      double x = x(Math.pow(10, power));
      line(svg, x, TOP, x, HEIGHT - BOTTOM);
      text(svg, x, HEIGHT - BOTTOM + 20, "middle", "", "%,d".formatted((long) Math.pow(10, power)));
    }
    text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", "", "jobs");
  }

  private void curve(StringBuilder svg, String what, List<Row> points) {
    String kind = points.getFirst().ours() ? "ours" : "theirs";
    StringBuilder path = new StringBuilder();
    for (Row point : points) {
      double x = x(point.jobs());
      double y = y(point.samples().median());
      path.append(format("%s%.1f %.1f ", path.isEmpty() ? "M" : "L", x, y));
      svg.append(
          format("<circle class=\"%s-dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n", kind, x, y));
    }
    String dashes = what.contains("account") ? " one" : "";
    svg.append(
        format("<path class=\"curve %s%s\" d=\"%s\"/>\n", kind, dashes, path.toString().strip()));
  }

  /** Each curve's name stands at its end; names that would overlap move apart. */
  private void labels(StringBuilder svg) {
    List<Map.Entry<String, List<Row>>> byHeight = new ArrayList<>(curves.entrySet());
    byHeight.sort((a, b) -> Double.compare(end(a.getValue()), end(b.getValue())));
    double lowest = TOP;
    for (Map.Entry<String, List<Row>> curve : byHeight) {
      double y = Math.max(lowest, end(curve.getValue()) + 4);
      lowest = y + 34;
      double x = x(curve.getValue().getLast().jobs()) + 12;
      text(svg, x, y, "start", "", curve.getKey());
      text(
          svg, x, y + 15, "start", "", TextTable.ms(curve.getValue().getLast().samples().median()));
    }
  }

  private double end(List<Row> points) {
    return y(points.getLast().samples().median());
  }

  private double x(double jobs) {
    return place(jobs, floor(leastJobs), ceil(mostJobs), LEFT, WIDTH - RIGHT);
  }

  private double y(double ms) {
    return place(ms, floor(leastMs), ceil(mostMs), HEIGHT - BOTTOM, TOP);
  }

  private static double place(double value, int least, int most, double from, double to) {
    return from + (Math.log10(value) - least) / Math.max(1, most - least) * (to - from);
  }

  private static int floor(double value) {
    return (int) Math.floor(Math.log10(value));
  }

  private static int ceil(double value) {
    return (int) Math.ceil(Math.log10(value));
  }

  private static String time(int power) {
    return power >= 3 ? "%d s".formatted((long) Math.pow(10, power - 3)) : ms(Math.pow(10, power));
  }

  private static String ms(double ms) {
    return ms >= 1 ? "%.0f ms".formatted(ms) : "%.0f µs".formatted(ms * 1_000);
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        format(
            "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            x1, y1, x2, y2));
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String kind, String text) {
    svg.append(
        format(
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            kind, x, y, anchor, text));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
