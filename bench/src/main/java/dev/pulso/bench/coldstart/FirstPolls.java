package dev.pulso.bench.coldstart;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.measure.Samples;
import dev.pulso.functions.status.BatchStatusHandler;
import java.util.Arrays;

/** The first polls of a process: prints how many times as long they take as later ones. */
public final class FirstPolls {
  private FirstPolls() {}

  /** Expects a batch_id and a number of polls, 2,000 at least. */
  public static void main(String[] arguments) {
    APIGatewayV2HTTPEvent event = Events.status(arguments[0]);
    long[] times = new long[Integer.parseInt(arguments[1])];
    BatchStatusHandler handler = new BatchStatusHandler();
    for (int i = 0; i < times.length; i++) {
      long begun = System.nanoTime();
      int status = handler.handleRequest(event, null).getStatusCode();
      times[i] = System.nanoTime() - begun;
      if (status != 200) {
        throw new IllegalStateException("poll " + i + " was answered " + status);
      }
    }
    System.out.println("ratio=" + median(times, 1, 20) / median(times, 999, 2_000));
    System.exit(0);
  }

  private static double median(long[] times, int from, int to) {
    return Samples.of(Arrays.copyOfRange(times, from, to)).median();
  }
}
