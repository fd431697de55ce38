package dev.pulso.access;

import java.util.Optional;

/** Limits polls by subject and address. Safe for use by several threads. */
@FunctionalInterface
public interface RateLimiter {
  /**
   * Decides on one poll. Rejected polls are not counted, so they do not extend the wait.
   *
   * @param subject the caller
   * @param address the batch, as given
   * @return empty if the limiter cannot be reached; the poll then passes
   */
  Optional<Admission> admit(String subject, String address);
}
