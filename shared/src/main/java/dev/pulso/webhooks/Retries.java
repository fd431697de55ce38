package dev.pulso.webhooks;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** When a failed delivery is sent again: for three days, in growing pauses. */
final class Retries {
  /** From the first attempt after the event, or the redelivery, to the last one. */
  static final Duration PATIENCE = Duration.ofDays(3);

  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofHours(8);
  private static final int GROWTH = 4;

  /** Pauses differ by up to a fifth, so that what failed together is not sent together again. */
  private static final double JITTER = 0.2;

  private final DoubleSupplier random;

  /**
   * @param random returns numbers from 0 to 1
   */
  Retries(DoubleSupplier random) {
    this.random = random;
  }

  /**
   * Returns when to send again: after a pause that grows with the attempts since the event or the
   * redelivery, or later if the receiver asks for it, but no later than the last attempt.
   */
  Instant next(Attempt attempt, Result result) {
    Duration pause = FIRST;
    for (int i = 1; i < attempt.number() - attempt.earlier() && pause.compareTo(LONGEST) < 0; i++) {
      pause = pause.multipliedBy(GROWTH);
    }
    Duration own = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    long jittered = (long) (own.toMillis() * (1 - JITTER + 2 * JITTER * random.getAsDouble()));
    long asked = result.pause().map(Duration::toMillis).orElse(0L);
    Instant next = attempt.at().plus(result.took()).plusMillis(Math.max(jittered, asked));
    return next.isBefore(attempt.giveUpAt()) ? next : attempt.giveUpAt();
  }

  /**
   * Returns the pause that a receiver asks for (RFC 9110, Retry-After: seconds or a date). A date
   * is compared with the receiver's own clock if it tells that.
   */
  static Optional<Duration> asked(Transport.Answer answer, Instant now) {
    return answer
        .retryAfter()
        .flatMap(
            text ->
                text.matches("\\d{1,9}")
                    ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                    : date(text)
                        .map(
                            until ->
                                Duration.between(
                                    answer.date().flatMap(Retries::date).orElse(now), until)))
        .filter(Duration::isPositive);
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
