package dev.pulso.push;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What happened lately to which batch, in this process. */
final class Lately {
  private final long nanos;

  /** In the order of time. Guarded by this. */
  private final Map<String, Long> last = new LinkedHashMap<>();

  /**
   * @param time for how long something is remembered
   */
  Lately(Duration time) {
    this.nanos = time.toNanos();
  }

  /** Notes that it happened now, on the monotonic clock. */
  synchronized void note(String batch, long now) {
    Iterator<Long> oldest = last.values().iterator();
    while (oldest.hasNext() && now - oldest.next() >= nanos) {
      oldest.remove();
    }
    last.remove(batch);
    last.put(batch, now);
  }

  /** Returns whether it happened within the time. */
  synchronized boolean has(String batch, long now) {
    Long at = last.get(batch);
    return at != null && now - at < nanos;
  }
}
