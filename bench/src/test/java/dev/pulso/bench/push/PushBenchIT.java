package dev.pulso.bench.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pulso.bench.lab.Report.Finding;
import dev.pulso.local.database.Cluster;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The measurement works; times mean nothing at this size. */
@Order(1)
class PushBenchIT {
  private static final Duration PHASE = Duration.ofSeconds(1);

  @Test
  void tenClientsAreToldAndComeBack() {
    assumeTrue(Cluster.obstacle().isEmpty(), () -> Cluster.obstacle().orElseThrow());
    PushOptions options =
        PushOptions.parse(
            List.of(
                "--seconds",
                "10",
                "--connections",
                "10",
                "--changes",
                "20",
                "--batches",
                "12",
                "--kills",
                "1"));
    PrintStream unread = new PrintStream(OutputStream.nullOutputStream());
    try (PushBench bench = new PushBench(options, PHASE, unread)) {
      bench.run();
      assertThat(bench.report().findings())
          .filteredOn(finding -> finding.reach().startsWith("at most 0 "))
          .hasSizeGreaterThanOrEqualTo(5)
          .allMatch(Finding::reached);
    }
  }
}
