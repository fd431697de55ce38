package dev.pulso.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Limits the polls of this process. Keeps a bounded number of keys and forgets the least recently
 * polled one first; at worst its next poll passes too early.
 */
public final class LocalRateLimiter implements RateLimiter {
  static final int MOST_KEYS = 10_000;

  private final RateLimit limit;
  private final Pace pace;
  private final LongSupplier nanos;

  /** Time until which each key's polls are paid for, by {@link #nanos}. Guarded by itself. */
  private final Map<Key, Long> paidUntil = new LinkedHashMap<>(16, 0.75f, true);

  public LocalRateLimiter(RateLimit limit) {
    this(limit, System::nanoTime);
  }

  LocalRateLimiter(RateLimit limit, LongSupplier nanos) {
    this.limit = limit;
    this.pace = Pace.of(limit);
    this.nanos = nanos;
  }

  private record Key(String subject, String address) {}

  @Override
  public Optional<Admission> admit(String subject, String address) {
    Key key = new Key(subject, address);
    synchronized (paidUntil) {
      long now = nanos.getAsLong();
      Long until = paidUntil.get(key);
      long ahead = until == null ? 0 : Math.max(0, until - now);
      if (!pace.admits(ahead)) {
        return Optional.of(Admission.of(limit, false, ahead));
      }
      ahead += pace.intervalNanos();
      paidUntil.put(key, now + ahead);
      if (paidUntil.size() > MOST_KEYS) {
        paidUntil.remove(paidUntil.keySet().iterator().next());
      }
      return Optional.of(Admission.of(limit, true, ahead));
    }
  }
}
