package dev.pulso.bench.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Draws time against number of jobs as an SVG; both scales are logarithmic. */
public final class GrowthCurves {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 440;

  /** Pulso is blue, others are warm colours; one account is dashed. */
  private static final String STYLE =
      """
      text { font: 13px system-ui, sans-serif; fill: #24292f; }
      .grid { stroke: #d0d7de; } .curve { fill: none; stroke-width: 2.5; }
      .ours { stroke: #0969da; } .theirs { stroke: #bc4c00; } .one { stroke-dasharray: 6 4; }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; } .grid { stroke: #3d444d; }
        .ours { stroke: #58a6ff; } .theirs { stroke: #f0883e; }
      }
      """;

  private final StringBuilder svg = new StringBuilder();
  private final Map<String, List<Report.Row>> curves;
  private final Scale x;
  private final Scale y;

  private GrowthCurves(Map<String, List<Report.Row>> curves) {
    this.curves = curves;
    this.x = scale(Report.Row::jobs, 78, 510);
    this.y = scale(row -> row.samples().median(), 388, 46);
  }

  /** A logarithmic axis between two powers of ten. */
  private record Scale(int least, int most, double from, double to) {
    double at(double value) {
      return from + (Math.log10(value) - least) / Math.max(1, most - least) * (to - from);
    }
  }

  /** Returns the selected curves that have more than one size. */
  public static String of(Report report, Predicate<Report.Row> wanted, String title) {
    Map<String, List<Report.Row>> curves =
        report.rows().stream()
            .filter(wanted)
            .collect(
                Collectors.groupingBy(Report.Row::what, LinkedHashMap::new, Collectors.toList()));
    curves.values().removeIf(points -> points.size() < 2);
    return new GrowthCurves(curves).draw(title);
  }

  private Scale scale(ToDoubleFunction<Report.Row> value, double from, double to) {
    var all = curves.values().stream().flatMap(List::stream).mapToDouble(value).summaryStatistics();
    return all.getCount() == 0
        ? new Scale(0, 1, from, to)
        : new Scale(
            (int) Math.floor(Math.log10(all.getMin())),
            (int) Math.ceil(Math.log10(all.getMax())),
            from,
            to);
  }

  private String draw(String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
            + " aria-label=\"%s\">%n<style>%n%s</style>%n",
        WIDTH, HEIGHT, title, STYLE);
    text(x.from(), 22, "start", title);
    for (int power = y.least(); power <= y.most(); power++) {
      double at = y.at(Math.pow(10, power));
      line(format("M%.1f %.1f H%.1f", x.from(), at, x.to()), "grid");
      text(x.from() - 10, at + 4, "end", TextTable.ms(Math.pow(10, power)));
    }
    for (int power = x.least(); power <= x.most(); power++) {
      double at = x.at(Math.pow(10, power));
      line(format("M%.1f %.1f V%.1f", at, y.to(), y.from()), "grid");
      text(at, y.from() + 20, "middle", "%,d".formatted((long) Math.pow(10, power)));
    }
    text((x.from() + x.to()) / 2, HEIGHT - 10, "middle", "jobs");
    curves.forEach(this::curve);
    labels();
    return svg.append("</svg>\n").toString();
  }

  private void curve(String what, List<Report.Row> points) {
    String path =
        points.stream()
            .map(row -> format("%.1f %.1f", x.at(row.jobs()), height(row)))
            .collect(Collectors.joining(" L", "M", ""));
    String kind = points.getFirst().ours() ? "curve ours" : "curve theirs";
    line(path, what.contains("account") ? kind + " one" : kind);
  }

  /** Puts each name at the end of its curve, and moves overlapping names apart. */
  private void labels() {
    double lowest = y.to();
    for (Report.Row last :
        curves.values().stream()
            .map(List::getLast)
            .sorted((one, other) -> Double.compare(height(one), height(other)))
            .toList()) {
      double at = Math.max(lowest, height(last) + 4);
      lowest = at + 34;
      text(x.at(last.jobs()) + 12, at, "start", last.what());
      text(x.at(last.jobs()) + 12, at + 15, "start", TextTable.ms(last.samples().median()));
    }
  }

  private double height(Report.Row row) {
    return y.at(row.samples().median());
  }

  private void line(String path, String kind) {
    add("<path class=\"%s\" d=\"%s\"/>%n", kind, path);
  }

  private void text(double left, double top, String anchor, String text) {
    String element = "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n";
    add(element, left, top, anchor, text);
  }

  private void add(String format, Object... values) {
    svg.append(format(format, values));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
