package dev.pulso.bench.lab;

import java.time.Duration;
import java.time.Instant;

/**
 * The shape of an installation: a few huge batches and many small ones, uploaded evenly over the
 * last thirty days; one job in a hundred has no batch. The same parameters always give the same
 * installation.
 *
 * @param jobs number of jobs
 * @param batches number of batches
 * @param accounts number of accounts
 * @param now the current time, for "today"
 */
public record Installation(long jobs, int batches, int accounts, Instant now) {
  private static final Duration HISTORY = Duration.ofDays(30);
  private static final int SINGLE_CALL_EVERY = 100;
  private static final int ACTIVE_EVERY = 20;

  /** Returns the default: 2,000 batches, 20 accounts. */
  public static Installation of(long jobs) {
    return new Installation(jobs, 2_000, 20, Instant.now());
  }

  /** Returns the batch of a job; -1 for a single call. Batch 0 is the largest. */
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

  /** Hashes a number (SplitMix64). */
  static long mixed(long number) {
    long z = (number + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns a hashed number below the bound. */
  static int below(int bound, long number) {
    return (int) Math.floorMod(mixed(number), (long) bound);
  }
}
