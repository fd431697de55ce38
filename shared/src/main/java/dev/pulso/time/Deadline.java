package dev.pulso.time;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The moment by which work has to end, on this process's monotonic clock. */
public final class Deadline {
  private final long endNanos;

  private Deadline(long endNanos) {
    this.endNanos = endNanos;
  }

  /** Returns the deadline at this time from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /**
   * Returns the deadline of a function.
   *
   * @param context says how much time Lambda leaves; null where Lambda does not run the function
   * @param margin the part of that time to leave unused
   * @param longest the most time, however much Lambda leaves
   */
  public static Deadline of(Context context, Duration margin, Duration longest) {
    Deadline latest = in(longest);
    return context == null
        ? latest
        : latest.orIn(Duration.ofMillis(context.getRemainingTimeInMillis()).minus(margin));
  }

  /** Returns the earlier of this deadline and the one at this time from now. */
  public Deadline orIn(Duration time) {
    Deadline other = in(time);
    return endNanos - other.endNanos <= 0 ? this : other;
  }

  /** Returns this deadline, moved earlier. */
  public Deadline earlierBy(Duration time) {
    return new Deadline(endNanos - time.toNanos());
  }

  /** Returns the deadline after this percentage of the remaining time. */
  public Deadline share(int percent) {
    return in(remaining().multipliedBy(percent).dividedBy(100));
  }

  /**
   * Returns this deadline, moved earlier by this time, or by half of the remaining time if that is
   * less.
   */
  public Deadline keepingBack(Duration time) {
    Duration half = remaining().dividedBy(2);
    return earlierBy(time.compareTo(half) < 0 ? time : half);
  }

  /** Returns the remaining time, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  /** Returns the remaining milliseconds, never negative. */
  public long remainingMillis() {
    return TimeUnit.NANOSECONDS.toMillis(remaining().toNanos());
  }

  public boolean passed() {
    return endNanos - System.nanoTime() <= 0;
  }
}
