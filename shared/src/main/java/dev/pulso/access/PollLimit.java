package dev.pulso.access;

import java.util.Map;
import java.util.Optional;

/**
 * Limits how often a caller polls a batch. The key is the subject and the address as given, and the
 * database is not asked. So unknown and foreign batches are limited like any other, and a caller
 * who uses both addresses of a batch may poll it twice as often. Anonymous callers cannot be told
 * apart and are not limited here.
 */
public final class PollLimit {
  private final Optional<RateLimiter> limiter;

  /**
   * @param limiter the rate limiter; empty: no limit
   */
  public PollLimit(Optional<RateLimiter> limiter) {
    this.limiter = limiter;
  }

  /**
   * Counts one poll.
   *
   * @param address the batch, in canonical form
   * @return the rate limit headers of the response; none without a limit, or if the limiter cannot
   *     be reached
   * @throws RateLimitedException when the caller has to wait
   * @throws ForbiddenException when the caller lacks the read scope
   */
  public Map<String, String> admit(Caller caller, String address) {
    caller.readable();
    if (limiter.isEmpty() || caller.subject().isEmpty()) {
      return Map.of();
    }
    Optional<Admission> admission = limiter.get().admit(caller.subject().get(), address);
    if (admission.isPresent() && !admission.get().isAdmitted()) {
      throw new RateLimitedException(admission.get());
    }
    return admission.map(Admission::headers).orElse(Map.of());
  }
}
