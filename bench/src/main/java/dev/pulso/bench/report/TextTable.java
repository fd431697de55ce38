package dev.pulso.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as Markdown tables whose columns also line up on a terminal. */
public final class TextTable {
  private TextTable() {}

  /** The whole report. */
  public static String of(Report report) {
    StringBuilder text = new StringBuilder();
    if (!report.rows().isEmpty()) {
      List<List<String>> times = new ArrayList<>();
      times.add(List.of("jobs", "what", "median", "10 % to 90 %", "mean", "runs"));
      report.rows().forEach(row -> times.add(times(row)));
      text.append(table(times)).append('\n');
    }
    if (!report.findings().isEmpty()) {
      List<List<String>> findings = new ArrayList<>();
      findings.add(List.of("jobs", "what", "measured", "to reach", ""));
      report.findings().forEach(finding -> findings.add(finding(finding)));
      text.append(table(findings));
    }
    return text.toString();
  }

  private static List<String> times(Row row) {
    return List.of(
        number(row.jobs()),
        row.what(),
        ms(row.samples().median()),
        ms(row.samples().percentile(10)) + " to " + ms(row.samples().percentile(90)),
        ms(row.samples().mean()),
        number(row.samples().runs()));
  }

  private static List<String> finding(Finding finding) {
    String verdict = finding.reach().isEmpty() ? "" : finding.reached() ? "reached" : "NOT REACHED";
    return List.of(
        number(finding.jobs()),
        finding.what(),
        finding.value(),
        finding.reach().orElse(""),
        verdict);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Three digits that mean something, with their unit. */
  static String ms(double ms) {
    if (ms >= 10_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1_000);
    }
    return ms >= 100
        ? String.format(Locale.ROOT, "%.0f ms", ms)
        : ms >= 1
            ? String.format(Locale.ROOT, "%.2f ms", ms)
            : String.format(Locale.ROOT, "%.0f µs", ms * 1_000);
  }

  private static String table(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      line(text, row, widths);
      if (row == rows.getFirst()) {
        for (int width : widths) {
          text.append("| ").append("-".repeat(Math.max(3, width))).append(' ');
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      text.append("| ").append(row.get(i));
      text.append(" ".repeat(Math.max(3, widths[i]) - row.get(i).length() + 1));
    }
    text.append("|\n");
  }
}
