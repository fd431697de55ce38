package dev.pulso.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthCurvesTest {
  private static final long MS = 1_000_000;

  @Test
  void timeAxisIsLogarithmic() {
    Report report = new Report();
    report.row(1_000, "others", Samples.of(List.of(10 * MS)));
    report.row(10_000, "others", Samples.of(List.of(100 * MS)));
    report.row(100_000, "others", Samples.of(List.of(1_000 * MS)));
    String svg = GrowthCurves.of(report, row -> true, "Title");
    assertThat(svg).contains("M78.0 388.0 L294.0 217.0 L510.0 46.0");
  }

  @Test
  void singleSizeHasNoCurve() {
    Report report = new Report();
    report.row(1_000, "others", Samples.of(List.of(MS)));
    assertThat(GrowthCurves.of(report, row -> true, "Title"))
        .doesNotContain("curve ours", "curve theirs");
  }
}
