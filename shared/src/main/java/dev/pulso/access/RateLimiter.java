package dev.pulso.access;

import java.util.Optional;

/** Counts polls by who asks and for what. Safe for use by several threads. */
@FunctionalInterface
public interface RateLimiter {
  /**
   * Counts one poll, if it passes: who is refused does not wait longer for having asked.
   *
   * @param subject who asks
   * @param address what for, as given
   * @return empty when it can't be told whether it passes: then it does
   */
  Optional<Admission> admit(String subject, String address);
}
