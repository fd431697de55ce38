package dev.pulso.access;

import java.util.Map;
import java.util.Optional;

/**
 * Lets a caller poll a batch as often as agreed. It goes by the address as given and asks no
 * database: so an address of nothing, or of somebody else's batch, is limited like any other, and
 * whoever uses both addresses of a batch may poll it twice as often. An anonymous caller is no user
 * whose polls could be told from those of others, and is not limited here.
 */
public final class PollLimit {
  private final Optional<RateLimiter> limiter;

  /**
   * @param limiter what counts; empty: there is no limit
   */
  public PollLimit(Optional<RateLimiter> limiter) {
    this.limiter = limiter;
  }

  /**
   * Counts one poll of a caller's.
   *
   * @param address what is polled, written in one way only
   * @return the headers by which the answer tells of the limit; none where there is no limit, or
   *     the limiter can't be reached
   * @throws RateLimitedException when the caller has to wait
   * @throws ForbiddenException when the caller may not look at anything
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
