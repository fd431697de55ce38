package dev.pulso.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Report.Finding;
import dev.pulso.bench.lab.Report.Row;
import dev.pulso.bench.lab.TextTable;
import dev.pulso.local.database.MongoServer;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The measurements work; times mean nothing at this size. */
class BenchIT {
  private static final int JOBS = 2_000;

  @ParameterizedTest
  @CsvSource({
    "status, 0",
    "overview, 2",
    "recount, 0",
    "cancel, 1",
    "operations, 2",
    "access, 0",
    "batches, 2",
    "pages, 0",
    "list, 0"
  })
  void smallInstallationMeetsTheTargets(String suite, int musts) {
    try (Lab lab = lab()) {
      Bench.SUITES.get(suite).accept(lab);
      assertThat(lab.report().rows()).isNotEmpty();
      assertThat(lab.report().rows()).anyMatch(row -> row.ours()).anyMatch(row -> !row.ours());
      assertThat(lab.report().findings())
          .filteredOn(finding -> finding.reach().equals("yes"))
          .hasSize(musts)
          .allMatch(Finding::reached);
      assertThat(TextTable.of(lab.report()))
          .contains(lab.report().rows().stream().map(Row::what).toList());
    }
  }

  private static Lab lab() {
    return new Lab(MongoServer.forTests(), new PrintStream(OutputStream.nullOutputStream()), JOBS);
  }
}
