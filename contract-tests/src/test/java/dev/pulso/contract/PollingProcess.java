package dev.pulso.contract;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.pulso.functions.status.BatchStatusHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A function's process that answers polls until it is ended. Arguments: the batch, how many polls
 * to answer with success, and a file that it creates after the last one, with how many there were.
 */
final class PollingProcess {
  private PollingProcess() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    BatchStatusHandler status = new BatchStatusHandler();
    APIGatewayV2HTTPEvent event = Call.to("GET", Api.STATUS).of(arguments[0]).event();
    int polls = 0;
    for (int left = Integer.parseInt(arguments[1]); left > 0; polls++) {
      if (status.handleRequest(event, null).getStatusCode() == 200) {
        left--;
      }
    }
    Files.writeString(Path.of(arguments[2]), Integer.toString(polls));
    Thread.currentThread().join();
  }
}
