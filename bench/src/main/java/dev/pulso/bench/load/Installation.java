package dev.pulso.bench.load;

import java.time.Duration;
import java.time.Instant;

/**
 * The shape of an installation: a few huge batches, many small ones, uploaded evenly over the last
 * thirty days, one job in a hundred without any batch. The same number makes the same installation.
 *
 * @param jobs how many jobs it has
 * @param batches how many batches
 * @param accounts how many accounts
 * @param now the moment that "today" is seen from
 */
public record Installation(long jobs, int batches, int accounts, Instant now) {
  private static final Duration HISTORY = Duration.ofDays(30);
  private static final int SINGLE_CALL_EVERY = 100;
  private static final int ACTIVE_EVERY = 20;

  /** The one that the measurements are made on: 2,000 batches, 20 accounts. */
  public static Installation of(long jobs) {
    return new Installation(jobs, 2_000, 20, Instant.now());
  }

  /** The batch of a job; -1 for a single call. The batch 0 is the largest. */
  public int batchOf(long job) {
    if (job % SINGLE_CALL_EVERY == 0) {
      return -1;
    }
    double even = (Mix.of(job) >>> 11) * 0x1.0p-53;
    return (int) (batches * even * even);
  }

  /** The account of a batch, or of a single call. */
  public int accountOf(int batch, long job) {
    return Math.floorMod(batch < 0 ? job : batch, accounts);
  }

  /** When the jobs of a batch were uploaded. */
  public Instant uploadedAt(int batch, long job) {
    long slot = batch < 0 ? Math.floorMod(Mix.of(~job), (long) batches) : batch * 7L % batches;
    return now.minus(HISTORY.multipliedBy(slot).dividedBy(batches));
  }

  /** Whether workers may claim its jobs. */
  public boolean isActive(int batch) {
    return batch % ACTIVE_EVERY == 0;
  }

  /** The batch_id of a batch. */
  public static String batchId(int batch) {
    return "batch-20251015-%08x".formatted(batch);
  }

  /** The account_id of an account. */
  public static String accountId(int account) {
    return "acc-chile-%03d".formatted(account);
  }
}
