package dev.pulso.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gathers polls of status that were answered quickly and with success, and writes one line about
 * many of them: a line for each poll would cost more than the poll. The first poll after a pause
 * has its line at once, as does every other request, so a process waits with a line only while it
 * is polled often. Safe for use by several threads.
 *
 * <p>Polls wait for their line until a poll comes 10 s after the last line, a request fails, or
 * somebody calls {@link #flush}. A function's process may be frozen before, and the line then comes
 * when the process is used again or shut down.
 */
public final class PollLines implements Consumer<Measured> {
  /** How long polls wait for their line while others follow. */
  public static final Duration LONGEST = Duration.ofSeconds(10);

  private static final String POLLED = "batch-status";
  private static final long SLOW_MS = 1_000;

  private final MetricLines lines;
  private final int most;

  /** Guarded by this. */
  private List<Measured> polls = new ArrayList<>();

  /** When the last line about polls was written. Guarded by this. */
  private Instant last = Instant.MIN;

  /**
   * @param lines receives what has a line of its own, and the lines about several polls
   * @param most how many polls one line is about, 100 at most; 1: each has its own
   */
  public PollLines(MetricLines lines, int most) {
    this.lines = lines;
    this.most = most;
  }

  @Override
  public synchronized void accept(Measured measured) {
    if (!isQuickPoll(measured)) {
      if (measured.outcome().isFailure()) {
        // Without the successes before it, a failure looks like a higher share than it is.
        flush();
      }
      lines.accept(measured);
      return;
    }
    if (!polls.isEmpty() && isLong(polls.getLast().at(), measured.at())) {
      // The process was frozen. What happened before has its own time.
      flush();
    }
    polls.add(measured);
    if (polls.size() >= most || isLong(last, measured.at())) {
      flush();
    }
  }

  private static boolean isLong(Instant from, Instant to) {
    // A clock that is set back must not hold lines back.
    return Duration.between(from, to).abs().compareTo(LONGEST) >= 0;
  }

  /** Writes the polls that wait for their line. */
  public synchronized void flush() {
    if (polls.isEmpty()) {
      return;
    }
    Measured newest = polls.getLast();
    if (polls.size() == 1) {
      lines.accept(newest);
    } else {
      lines.accept(newest.at(), "polls", newest.endpoint(), new Distributions(polls));
    }
    polls = new ArrayList<>();
    last = newest.at();
  }

  private static boolean isQuickPoll(Measured measured) {
    return measured.endpoint().equals(POLLED)
        && (measured.outcome() == Outcome.OK || measured.outcome() == Outcome.NOT_MODIFIED)
        && !measured.figures().containsKey(Metric.COLD_STARTS)
        && measured.figures().get(Metric.LATENCY_MS).longValue() < SLOW_MS;
  }
}
