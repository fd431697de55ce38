package dev.pulso.bench.suite;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.bench.lab.Samples;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Response times of answers, and the staleness of each batch in them. */
final class SoakAnswers {
  private static final Pattern ROW =
      Pattern.compile("\"batch_id\":\"([^\"]+)\"[^}]*?\"completed_jobs\":(\\d+)");

  private final Map<String, SoakBatch> batches;
  private final int batchesInEach;

  /** Allocated at full size, so that only Pulso's memory grows. */
  private final AtomicLongArray staleness;

  private final AtomicLongArray latencies;
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger rows = new AtomicInteger();
  private final AtomicLong errors = new AtomicLong();

  /**
   * @param most maximum number of answers
   * @param batchesInEach number of batches in each answer
   */
  SoakAnswers(Map<String, SoakBatch> batches, int most, int batchesInEach) {
    this.batches = batches;
    this.batchesInEach = batchesInEach;
    this.staleness = new AtomicLongArray(most * batchesInEach);
    this.latencies = new AtomicLongArray(most);
  }

  void ask(Supplier<APIGatewayV2HTTPResponse> request) {
    long begun = System.nanoTime();
    APIGatewayV2HTTPResponse answer = request.get();
    long answered = System.nanoTime();
    Matcher row = ROW.matcher(String.valueOf(answer.getBody()));
    int found = 0;
    while (answer.getStatusCode() == 200 && row.find()) {
      long known = Long.parseLong(row.group(2));
      long age = batches.get(row.group(1)).truth().staleness(known, answered);
      staleness.set(rows.getAndIncrement(), age);
      found++;
    }
    if (found == batchesInEach) {
      latencies.set(answers.getAndIncrement(), answered - begun);
    } else {
      errors.incrementAndGet();
    }
  }

  Samples staleness() {
    return taken(staleness, rows);
  }

  Samples latencies() {
    return taken(latencies, answers);
  }

  private static Samples taken(AtomicLongArray values, AtomicInteger count) {
    return Samples.of(IntStream.range(0, count.get()).mapToObj(values::get).toList());
  }

  /** Returns the number of failed requests. */
  long errors() {
    return errors.get();
  }
}
