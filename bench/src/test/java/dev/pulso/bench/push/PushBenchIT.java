package dev.pulso.bench.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pulso.bench.Arguments;
import dev.pulso.bench.lab.Report.Finding;
import dev.pulso.local.database.Cluster;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The measurement works; times mean nothing at this size. */
@Order(1)
class PushBenchIT {
  private static final Duration PHASE = Duration.ofSeconds(1);

  @Test
  void tenClientsAreToldAndComeBack() {
    assumeTrue(Cluster.obstacle().isEmpty(), () -> Cluster.obstacle().orElseThrow());
    Arguments options =
        new Arguments(
            Map.of(
                "--seconds", 10L,
                "--connections", 10L,
                "--changes", 20L,
                "--batches", 12L,
                "--kills", 1L),
            Optional.empty());
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
