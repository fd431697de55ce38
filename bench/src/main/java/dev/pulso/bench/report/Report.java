package dev.pulso.bench.report;

import dev.pulso.bench.measure.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All that a run found out, in the order in which it did. */
public final class Report {
  private final List<Row> rows = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /** Adds times of several contenders; those whose names begin with "Pulso" are ours. */
  public void add(String suite, long jobs, Map<String, Samples> times) {
    times.forEach((what, samples) -> add(suite, jobs, what, samples));
  }

  /** Adds times of one contender. */
  public void add(String suite, long jobs, String what, Samples samples) {
    rows.add(new Row(suite, jobs, what, what.startsWith("Pulso"), samples));
  }

  /** Adds something that was found out. */
  public void add(Finding finding) {
    findings.add(finding);
  }

  /** The times. */
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** What was found out. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }
}
