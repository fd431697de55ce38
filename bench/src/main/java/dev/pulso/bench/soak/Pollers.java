package dev.pulso.bench.soak;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.bench.lab.Events;
import dev.pulso.functions.status.BatchStatusHandler;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Users who look at batches, and what they were told. */
final class Pollers {
  private static final Pattern COMPLETED = Pattern.compile("\"completed_jobs\":(\\d+)");
  private static final int OK = 200;
  private static final long SECOND = 1_000_000_000L;

  private final BatchStatusHandler handler;
  private final List<String> batchIds;
  private final List<TruthLog> truth;

  /** As large from the beginning as they will be: what grows is then Pulso's. */
  private final AtomicLongArray staleness;

  private final AtomicLongArray latencies;
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicLong errors = new AtomicLong();

  /**
   * @param most how many answers may come
   */
  Pollers(BatchStatusHandler handler, List<String> batchIds, List<TruthLog> truth, int most) {
    this.handler = handler;
    this.batchIds = batchIds;
    this.truth = truth;
    this.staleness = new AtomicLongArray(most);
    this.latencies = new AtomicLongArray(most);
  }

  /** Polls one batch about once a second until told to stop. */
  void poll(int poller, Workers.Stop stop) {
    int batch = poller % batchIds.size();
    long next = System.nanoTime() + poller * SECOND / 200;
    while (!stop.isDue()) {
      LockSupport.parkNanos(next - System.nanoTime());
      next += SECOND;
      long begun = System.nanoTime();
      APIGatewayV2HTTPResponse answer =
          handler.handleRequest(Events.status(batchIds.get(batch)), null);
      long answered = System.nanoTime();
      Matcher completed = COMPLETED.matcher(String.valueOf(answer.getBody()));
      if (answer.getStatusCode() != OK || !completed.find()) {
        errors.incrementAndGet();
        continue;
      }
      int number = answers.getAndIncrement();
      latencies.set(number, answered - begun);
      staleness.set(
          number, truth.get(batch).staleness(Long.parseLong(completed.group(1)), answered));
    }
  }

  /** How old each answer was, in ns. */
  long[] staleness() {
    return taken(staleness);
  }

  /** How long each answer took, in ns. */
  long[] latencies() {
    return taken(latencies);
  }

  private long[] taken(AtomicLongArray values) {
    return IntStream.range(0, answers.get()).mapToLong(values::get).toArray();
  }

  /** How many got something else than counters. */
  long errors() {
    return errors.get();
  }
}
