package dev.pulso.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A moment by which work has to be over, on this process's own monotonic clock. */
public final class Deadline {
  private final long endNanos;

  private Deadline(long endNanos) {
    this.endNanos = endNanos;
  }

  /** The deadline that long from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** This deadline, or the one that long from now, whichever is first. */
  public Deadline orIn(Duration time) {
    Deadline other = in(time);
    return endNanos - other.endNanos <= 0 ? this : other;
  }

  /** This deadline, moved towards now. */
  public Deadline earlierBy(Duration time) {
    return new Deadline(endNanos - time.toNanos());
  }

  /** The deadline after that many percent of what is left. */
  public Deadline share(int percent) {
    return in(remaining().multipliedBy(percent).dividedBy(100));
  }

  /** This deadline, moved towards now by that time, or by half of what is left if that is less. */
  public Deadline keepingBack(Duration time) {
    Duration half = remaining().dividedBy(2);
    return earlierBy(time.compareTo(half) < 0 ? time : half);
  }

  /** What is left, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  /** Milliseconds left, never negative. */
  public long remainingMillis() {
    return TimeUnit.NANOSECONDS.toMillis(remaining().toNanos());
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return endNanos - System.nanoTime() <= 0;
  }
}
