package dev.pulso.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.bench.measure.Samples;
import org.junit.jupiter.api.Test;

class GrowthCurvesTest {
  private static final long MS = 1_000_000;

  @Test
  void timeAxisIsLogarithmic() {
    Report report = new Report();
    report.add("overview", 1_000, "others", Samples.of(new long[] {10 * MS}));
    report.add("overview", 10_000, "others", Samples.of(new long[] {100 * MS}));
    report.add("overview", 100_000, "others", Samples.of(new long[] {1_000 * MS}));
    String svg = GrowthCurves.of(report, row -> true, "Title");
    assertThat(svg).contains("M78.0 388.0 L294.0 217.0 L510.0 46.0");
  }

  @Test
  void singleSizeHasNoCurve() {
    Report report = new Report();
    report.add("overview", 1_000, "others", Samples.of(new long[] {MS}));
    assertThat(GrowthCurves.of(report, row -> true, "Title")).doesNotContain("<path");
  }
}
