package dev.pulso.bench.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pulso.bench.lab.Report.Finding;
import dev.pulso.bench.process.Cluster;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The measurement works; times mean nothing at this size. */
class PushBenchIT {
  @Test
  void tenClientsAreToldAndComeBack() {
    assumeTrue(Cluster.isPossible(), "mongod is missing");
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
                "5",
                "--kills",
                "1"));
    PrintStream unread = new PrintStream(OutputStream.nullOutputStream());
    try (PushBench bench = new PushBench(options, unread)) {
      bench.run();
      assertThat(bench.report().findings())
          .filteredOn(finding -> finding.reach().startsWith("at most 0 "))
          .hasSizeGreaterThanOrEqualTo(5)
          .allMatch(Finding::reached);
    }
  }
}
