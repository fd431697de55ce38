package dev.pulso.redis;

import dev.pulso.observe.Log;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** Logs failures once a minute, however many there are. */
final class Outages {
  private static final Duration RARELY = Duration.ofMinutes(1);

  private final LongSupplier nanos;
  private final BiConsumer<Long, Throwable> teller;

  /** Guarded by this, like the fields below. */
  private long untold;

  private long nextAt;

  Outages(LongSupplier nanos, BiConsumer<Long, Throwable> teller) {
    this.nanos = nanos;
    this.teller = teller;
    this.nextAt = nanos.getAsLong();
  }

  /** Logs the number of failures, and the kind of the last one. */
  static void toLog(long failures, Throwable last) {
    Log.info(
        "redis_away",
        json ->
            json.number("failures", failures)
                .text("failure", last.getClass().getSimpleName())
                .text("cause", last.getCause() == null ? "" : name(last.getCause())));
  }

  private static String name(Throwable cause) {
    return cause.getClass().getSimpleName();
  }

  void happened(Throwable failure) {
    long count;
    synchronized (this) {
      untold++;
      if (nanos.getAsLong() - nextAt < 0) {
        return;
      }
      count = untold;
      untold = 0;
      nextAt = nanos.getAsLong() + RARELY.toNanos();
    }
    teller.accept(count, failure);
  }
}
