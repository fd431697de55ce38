package dev.pulso.webhooks;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of an attempt.
 *
 * @param status HTTP status of the answer; empty: there was none
 * @param error why it failed; empty: it succeeded
 * @param pause what the receiver asks for before the next attempt
 */
record Result(
    Optional<Integer> status, Optional<String> error, Optional<Duration> pause, Duration took) {}
