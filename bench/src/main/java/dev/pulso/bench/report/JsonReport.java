package dev.pulso.bench.report;

import dev.pulso.json.JsonWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A report as JSON, for comparing runs. */
public final class JsonReport {
  private JsonReport() {}

  /**
   * The whole report; times are in milliseconds.
   *
   * @param machine what it was measured on
   */
  public static String of(Report report, Instant at, Map<String, String> machine) {
    return JsonWriter.object(
        json ->
            json.time("at", Optional.of(at))
                .object("machine", m -> machine.forEach(m::text))
                .array("times_ms", report.rows(), JsonReport::row)
                .array("findings", report.findings(), JsonReport::finding));
  }

  private static void row(JsonWriter json, Row row) {
    json.text("suite", row.suite())
        .number("jobs", row.jobs())
        .text("what", row.what())
        .flag("ours", row.ours())
        .number("median", ms(row.samples().median()))
        .number("p10", ms(row.samples().percentile(10)))
        .number("p90", ms(row.samples().percentile(90)))
        .number("p99", ms(row.samples().percentile(99)))
        .number("mean", ms(row.samples().mean()))
        .number("runs", row.samples().runs());
  }

  private static void finding(JsonWriter json, Finding finding) {
    json.text("suite", finding.suite())
        .number("jobs", finding.jobs())
        .text("what", finding.what())
        .text("measured", finding.value())
        .text("to_reach", finding.reach())
        .flag("reached", finding.reached());
  }

  private static BigDecimal ms(double ms) {
    return new BigDecimal(ms).round(new MathContext(4));
  }
}
