package dev.pulso.bench.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Formats a report as Markdown tables that are aligned on a terminal. */
public final class TextTable {
  private TextTable() {}

  public static String of(Report report) {
    List<List<String>> times = new ArrayList<>();
    times.add(List.of("jobs", "what", "median", "10 % to 90 %", "mean", "runs"));
    for (Report.Row row : report.rows()) {
      Samples all = row.samples();
      times.add(
          List.of(
              number(row.jobs()),
              row.what(),
              ms(all.median()),
              ms(all.percentile(10)) + " to " + ms(all.percentile(90)),
              ms(all.mean()),
              number(all.sorted().length)));
    }
    List<List<String>> findings = new ArrayList<>();
    findings.add(List.of("jobs", "what", "measured", "to reach", ""));
    for (Report.Finding finding : report.findings()) {
      String verdict = finding.reached() ? "reached" : "NOT REACHED";
      findings.add(
          List.of(
              number(finding.jobs()),
              finding.what(),
              finding.value(),
              finding.reach(),
              finding.reach().isEmpty() ? "" : verdict));
    }
    return table(times) + "\n" + table(findings);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Returns a time with its unit, in about three digits. */
  private static String ms(double ms) {
    if (ms >= 10_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1_000);
    }
    if (ms >= 1) {
      return String.format(Locale.ROOT, ms >= 100 ? "%.0f ms" : "%.2f ms", ms);
    }
    return String.format(Locale.ROOT, "%.0f µs", ms * 1_000);
  }

  private static String table(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    rows.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length())));
    List<List<String>> lines = new ArrayList<>(rows);
    lines.add(1, Arrays.stream(widths).mapToObj(width -> "-".repeat(Math.max(3, width))).toList());
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        String cell = line.get(i);
        text.append("| ").append(cell);
        text.append(" ".repeat(Math.max(3, widths[i]) - cell.length() + 1));
      }
      text.append("|\n");
    }
    return text.toString();
  }
}
