package dev.pulso.bench.suite;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Samples;
import dev.pulso.functions.status.BatchStatusHandler;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Staleness and response times of the pollers' answers. */
final class SoakAnswers {
  private static final Pattern COMPLETED = Pattern.compile("\"completed_jobs\":(\\d+)");

  /** Allocated at full size, so that only Pulso's memory grows. */
  private final AtomicLongArray staleness;

  private final AtomicLongArray latencies;
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicLong errors = new AtomicLong();

  /**
   * @param most maximum number of answers
   */
  SoakAnswers(int most) {
    this.staleness = new AtomicLongArray(most);
    this.latencies = new AtomicLongArray(most);
  }

  void poll(BatchStatusHandler handler, SoakBatch batch) {
    long begun = System.nanoTime();
    APIGatewayV2HTTPResponse answer = handler.handleRequest(Events.status(batch.id()), null);
    long answered = System.nanoTime();
    Matcher completed = COMPLETED.matcher(String.valueOf(answer.getBody()));
    if (answer.getStatusCode() != 200 || !completed.find()) {
      errors.incrementAndGet();
      return;
    }
    int number = answers.getAndIncrement();
    latencies.set(number, answered - begun);
    staleness.set(number, batch.truth().staleness(Long.parseLong(completed.group(1)), answered));
  }

  Samples staleness() {
    return taken(staleness);
  }

  Samples latencies() {
    return taken(latencies);
  }

  private Samples taken(AtomicLongArray values) {
    return Samples.of(IntStream.range(0, answers.get()).mapToObj(values::get).toList());
  }

  /** Returns the number of failed polls. */
  long errors() {
    return errors.get();
  }
}
