package dev.pulso.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results of a run, in order. */
public final class Report {
  private final List<Row> rows = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /** Durations with this number of jobs. */
  public record Row(long jobs, String what, Samples samples) {
    /** Returns whether it is Pulso's, not a competitor's. */
    public boolean ours() {
      return what.startsWith("Pulso");
    }
  }

  /**
   * A figure or a check.
   *
   * @param reach the target; empty if there is none
   * @param reached whether it is met; true without a target
   */
  public record Finding(long jobs, String what, String value, String reach, boolean reached) {}

  public void row(long jobs, String what, Samples samples) {
    rows.add(new Row(jobs, what, samples));
  }

  public void atLeast(long jobs, String what, double value, double least, String unit) {
    add(jobs, what, number(value, unit), "at least " + number(least, unit), value >= least);
  }

  public void atMost(long jobs, String what, double value, double most, String unit) {
    add(jobs, what, number(value, unit), "at most " + number(most, unit), value <= most);
  }

  /** Adds a check. */
  public void must(long jobs, String what, boolean holds) {
    add(jobs, what, holds ? "yes" : "no", "yes", holds);
  }

  /** Adds a figure without a target. */
  public void note(long jobs, String what, String format, Object... values) {
    add(jobs, what, String.format(Locale.ROOT, format, values), "", true);
  }

  public void add(long jobs, String what, String value, String reach, boolean reached) {
    findings.add(new Finding(jobs, what, value, reach, reached));
  }

  public List<Row> rows() {
    return List.copyOf(rows);
  }

  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  private static String number(double value, String unit) {
    boolean whole = value >= 100 || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%,.0f %s" : "%.2f %s", value, unit);
  }
}
