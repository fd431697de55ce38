package dev.pulso.bench.soak;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.bench.lab.Events;
import dev.pulso.functions.status.BatchStatusHandler;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Users who look at batches, and what they were told. */
final class Pollers {
  private static final Pattern COMPLETED = Pattern.compile("\"completed_jobs\":(\\d+)");
  private static final int OK = 200;
  private static final long SECOND = 1_000_000_000L;

  private final BatchStatusHandler handler;
  private final List<String> batchIds;
  private final List<TruthLog> truth;
  private final ConcurrentLinkedQueue<Long> staleness = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
  private final AtomicLong errors = new AtomicLong();

  Pollers(BatchStatusHandler handler, List<String> batchIds, List<TruthLog> truth) {
    this.handler = handler;
    this.batchIds = batchIds;
    this.truth = truth;
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
      latencies.add(answered - begun);
      staleness.add(truth.get(batch).staleness(Long.parseLong(completed.group(1)), answered));
    }
  }

  /** How old each answer was, in ns. */
  long[] staleness() {
    return staleness.stream().mapToLong(Long::longValue).toArray();
  }

  /** How long each answer took, in ns. */
  long[] latencies() {
    return latencies.stream().mapToLong(Long::longValue).toArray();
  }

  /** How many got something else than counters. */
  long errors() {
    return errors.get();
  }
}
