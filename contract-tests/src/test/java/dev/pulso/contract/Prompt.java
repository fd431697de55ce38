package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** Answers in time. */
final class Prompt {
  private static final Duration SOON = Duration.ofSeconds(10);

  private Prompt() {}

  /** Something that is asked. */
  interface Question<T, E extends Exception> {
    T ask() throws E;
  }

  /** Returns an answer in time, the second one if the machine stood still during the first. */
  static <T, E extends Exception> T answer(String as, Question<T, E> question) throws E {
    long start = System.nanoTime();
    T answer = question.ask();
    if (since(start).compareTo(SOON) >= 0) {
      start = System.nanoTime();
      answer = question.ask();
      assertThat(since(start)).as(as).isLessThan(SOON);
    }
    return answer;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
