package dev.pulso.contract;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.pulso.functions.status.BatchStatusHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A function's process that answers polls until it is ended. Arguments: the batch, how many polls,
 * and a file that it creates after the last one.
 */
final class PollingProcess {
  private PollingProcess() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    BatchStatusHandler status = new BatchStatusHandler();
    APIGatewayV2HTTPEvent event = Call.to("GET", Api.STATUS).of(arguments[0]).event();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      if (status.handleRequest(event, null).getStatusCode() != 200) {
        throw new IllegalStateException("A poll failed");
      }
    }
    Files.createFile(Path.of(arguments[2]));
    Thread.currentThread().join();
  }
}
