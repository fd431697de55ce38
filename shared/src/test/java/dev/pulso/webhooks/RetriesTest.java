package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.webhooks.Transport.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Retries MIDDLE = new Retries(() -> 0.5);

  @Test
  void pausesGrowForThreeDays() {
    Instant giveUpAt = START.plus(Retries.PATIENCE);
    Instant at = START;
    Duration before = Duration.ZERO;
    int number = 1;
    while (at.isBefore(giveUpAt)) {
      Instant next = MIDDLE.next(attempt(number, at), failed(Optional.empty()));
      Duration pause = Duration.between(at, next);
      assertThat(pause.compareTo(before) >= 0 || next.equals(giveUpAt)).isTrue();
      before = pause;
      at = next;
      number++;
    }
    assertThat(at).isEqualTo(giveUpAt);
    assertThat(number).isBetween(12, 20);
    assertThat(attempt(number, at).isLast()).isTrue();
  }

  @Test
  void pausesDiffer() {
    Instant least = new Retries(() -> 0).next(attempt(1, START), failed(Optional.empty()));
    Instant most = new Retries(() -> 1).next(attempt(1, START), failed(Optional.empty()));
    assertThat(least).isEqualTo(START.plusSeconds(4));
    assertThat(most).isEqualTo(START.plusSeconds(6));
  }

  @Test
  void receiverMayAskForMoreTime() {
    Result busy = failed(Optional.of(Duration.ofHours(1)));
    assertThat(MIDDLE.next(attempt(1, START), busy)).isEqualTo(START.plus(Duration.ofHours(1)));
    Result rude = failed(Optional.of(Duration.ofDays(400)));
    assertThat(MIDDLE.next(attempt(1, START), rude)).isEqualTo(START.plus(Retries.PATIENCE));
    Result eager = failed(Optional.of(Duration.ofMillis(1)));
    assertThat(MIDDLE.next(attempt(1, START), eager)).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void retryAfterIsSecondsOrDate() {
    assertThat(asked("120", null)).contains(Duration.ofSeconds(120));
    assertThat(asked("Thu, 01 Jan 2026 00:05:00 GMT", null)).contains(Duration.ofMinutes(5));
    assertThat(asked("Thu, 01 Jan 2026 01:05:00 GMT", "Thu, 01 Jan 2026 01:00:00 GMT"))
        .as("a receiver whose clock is an hour off")
        .contains(Duration.ofMinutes(5));
    assertThat(asked("Thu, 01 Jan 2015 00:05:00 GMT", null)).isEmpty();
    assertThat(asked("soon", null)).isEmpty();
    assertThat(asked("-5", null)).isEmpty();
    assertThat(asked("99999999999999999999", null)).isEmpty();
    assertThat(asked(null, null)).isEmpty();
  }

  private static Optional<Duration> asked(String retryAfter, String date) {
    return Retries.asked(
        new Answer(503, Optional.ofNullable(retryAfter), Optional.ofNullable(date)), START);
  }

  private static Attempt attempt(int number, Instant at) {
    return new Attempt(
        "msg_a",
        "wh_a",
        "batch.paused",
        "{}",
        number,
        0,
        at,
        at.plusSeconds(60),
        START.plus(Retries.PATIENCE));
  }

  private static Result failed(Optional<Duration> pause) {
    return new Result(Optional.of(503), Optional.of("status_503"), pause, Duration.ZERO);
  }
}
