package dev.pulso.bench.faults;

import dev.pulso.bench.process.Cluster;
import dev.pulso.bench.process.Signals;
import java.time.Duration;

/** The faults that hit cancels, each with real processes. */
public final class Faults {
  private final Duration timeout;
  private final Duration patience;
  private final int jobs;
  private final long seed;

  /**
   * @param timeout of the functions: the leases of the dead run out within it
   * @param patience for all to be done after the last fault
   * @param jobs per batch
   */
  public Faults(Duration timeout, Duration patience, int jobs, long seed) {
    this.timeout = timeout;
    this.patience = patience;
    this.jobs = jobs;
    this.seed = seed;
  }

  /** The API process gets SIGKILL at random moments of cancels. */
  public Outcome apiKilled(int tries) {
    try (Cluster cluster = cluster(1);
        Round round = new Round(cluster, timeout, jobs, seed)) {
      round.undisturbed("undisturbed");
      round.api().close();
      round.startApi();
      for (int i = 0; i < tries; i++) {
        round.hit("killed-" + i, () -> Signals.kill(round.api().process()));
        round.api().close();
        round.startApi();
      }
      return round.outcome("SIGKILL of the API process", patience);
    }
  }

  /** mongod gets SIGKILL at random moments of cancels, and starts again. */
  public Outcome databaseKilled(int tries) {
    try (Cluster cluster = cluster(1);
        Round round = new Round(cluster, timeout, jobs, seed)) {
      round.undisturbed("cold");
      round.undisturbed("undisturbed");
      for (int i = 0; i < tries; i++) {
        round.hit("killed-" + i, cluster::killAndRestart);
      }
      return round.outcome("SIGKILL and restart of mongod", patience);
    }
  }

  /** The primary of three steps down at random moments of cancels. */
  public Outcome stepDown(int tries) {
    try (Cluster cluster = cluster(3);
        Round round = new Round(cluster, timeout, jobs, seed)) {
      round.undisturbed("cold");
      round.undisturbed("undisturbed");
      for (int i = 0; i < tries; i++) {
        round.hit("stepped-down-" + i, cluster::stepDown);
        cluster.awaitPrimary();
      }
      return round.outcome("step-down of the primary of three", patience);
    }
  }

  private Cluster cluster(int size) {
    return new Cluster(size, "--wiredTigerCacheSizeGB", "0.5");
  }
}
