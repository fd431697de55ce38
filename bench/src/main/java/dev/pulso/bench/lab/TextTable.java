package dev.pulso.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as Markdown tables whose columns also line up on a terminal. */
public final class TextTable {
  private TextTable() {}

  /** Returns the whole report. */
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
  static String ms(double ms) {
    if (ms >= 10_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1_000);
    }
    if (ms >= 1) {
      return String.format(Locale.ROOT, ms >= 100 ? "%.0f ms" : "%.2f ms", ms);
    }
    return String.format(Locale.ROOT, "%.0f µs", ms * 1_000);
  }

  private static String table(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int column = i;
        int width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElseThrow();
        String cell = row.get(i);
        text.append("| ").append(cell).append(" ".repeat(width - cell.length() + 1));
      }
      text.append("|\n");
      if (row == rows.getFirst()) {
        text.append("| --- ".repeat(row.size())).append("|\n");
      }
    }
    return text.toString();
  }
}
