package dev.pulso.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pulso.local.database.Cluster;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A short run of {@code bench/faults}. */
class FaultsIT {
  private final Faults faults =
      new Faults(Duration.ofSeconds(6), Duration.ofSeconds(60), 800, 20251015);

  @BeforeAll
  static void needsAMongodToKill() {
    assumeTrue(Cluster.obstacle().isEmpty(), () -> Cluster.obstacle().orElseThrow());
  }

  @Test
  void cancelsSurviveKilledApi() {
    check(faults.apiKilled(4));
  }

  @Test
  void cancelsSurviveKilledDatabase() {
    check(faults.databaseKilled(2));
  }

  @Test
  void cancelClosesOnlyOverStoredFigures() {
    check(new KilledBetween().tries(10));
  }

  @Test
  void cancelsSurvivePrimaryStepDown() {
    check(faults.stepDown(1));
  }

  @Test
  void everyEndpointRecoversFromDatabaseOutage() {
    // Two suites on one machine delay each answer by up to 2 s.
    Duration answered = Freeze.ANSWERED.plusSeconds(3);
    check(new Freeze(answered).tries(3, Duration.ofSeconds(4)));
  }

  private static void check(Outcome outcome) {
    assertThat(outcome.breaches()).as(outcome.fault() + ", " + outcome.notes()).isEmpty();
    assertThat(outcome.held()).isPositive().isEqualTo(outcome.tries());
  }
}
