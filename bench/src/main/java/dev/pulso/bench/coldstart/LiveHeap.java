package dev.pulso.bench.coldstart;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.pulso.functions.status.BatchStatusHandler;
import java.util.Map;

/**
 * What a function holds on to: answers as many requests as it is told, and prints its live heap.
 */
public final class LiveHeap {
  private LiveHeap() {}

  /** Expects a batch_id and a number of requests; prints bytes. */
  public static void main(String[] arguments) {
    BatchStatusHandler handler = new BatchStatusHandler();
    int requests = Integer.parseInt(arguments[1]);
    for (int i = 0; i < requests; i++) {
      APIGatewayV2HTTPEvent event =
          APIGatewayV2HTTPEvent.builder()
              .withRouteKey("ANY /api/v1/batches/{batch_id}/status")
              .withPathParameters(Map.of("batch_id", arguments[0]))
              .build();
      int status = handler.handleRequest(event, null).getStatusCode();
      if (status != 200) {
        throw new IllegalStateException("request " + i + " was answered " + status);
      }
    }
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.println("live=" + (runtime.totalMemory() - runtime.freeMemory()));
    System.exit(0);
  }
}
