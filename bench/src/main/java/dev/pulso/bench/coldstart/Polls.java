package dev.pulso.bench.coldstart;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Samples;
import dev.pulso.functions.status.BatchStatusHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * Polls a batch in a new JVM. Prints the duration of the first polls relative to later ones, and
 * the live heap at the end in bytes.
 */
public final class Polls {
  private Polls() {}

  /**
   * @param arguments a batch_id and the number of polls, at least 2,000
   */
  public static void main(String[] arguments) {
    APIGatewayV2HTTPEvent event = Events.status(arguments[0]);
    List<Long> times = new ArrayList<>();
    BatchStatusHandler handler = new BatchStatusHandler();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      long begun = System.nanoTime();
      int status = handler.handleRequest(event, null).getStatusCode();
      times.add(System.nanoTime() - begun);
      if (status != 200) {
        throw new IllegalStateException("poll " + i + " was answered " + status);
      }
    }
    System.out.println("ratio=" + median(times, 1, 20) / median(times, 999, 2_000));
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.println("live=" + (runtime.totalMemory() - runtime.freeMemory()));
    System.exit(0);
  }

  private static double median(List<Long> times, int from, int to) {
    return Samples.of(times.subList(from, to)).median();
  }
}
