package dev.pulso.bench.lab;

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

  /** The usual one: 2,000 batches, 20 accounts. */
  public static Installation of(long jobs) {
    return new Installation(jobs, 2_000, 20, Instant.now());
  }

  /** The batch of a job; -1 for a single call. The batch 0 is the largest. */
  int batchOf(long job) {
    if (job % SINGLE_CALL_EVERY == 0) {
      return -1;
    }
    double even = (mixed(job) >>> 11) * 0x1.0p-53;
    return (int) (batches * even * even);
  }

  int accountOf(int batch, long job) {
    return Math.floorMod(batch < 0 ? job : batch, accounts);
  }

  Instant uploadedAt(int batch, long job) {
    long slot = batch < 0 ? below(batches, ~job) : batch * 7L % batches;
    return now.minus(HISTORY.multipliedBy(slot).dividedBy(batches));
  }

  boolean isActive(int batch) {
    return batch % ACTIVE_EVERY == 0;
  }

  public static String batchId(int batch) {
    return "batch-20251015-%08x".formatted(batch);
  }

  public static String accountId(int account) {
    return "acc-chile-%03d".formatted(account);
  }

  /** Scatters numbers, always in the same way (SplitMix64). */
  static long mixed(long number) {
    long z = (number + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A scattered number below the bound. */
  static int below(int bound, long number) {
    return (int) Math.floorMod(mixed(number), (long) bound);
  }
}
