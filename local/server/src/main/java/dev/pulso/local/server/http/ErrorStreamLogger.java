package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;

/** Writes a function's log to standard error, with its name. */
record ErrorStreamLogger(String functionName) implements LambdaLogger {
  @Override
  public void log(String message) {
    System.err.println(functionName + ": " + message.stripTrailing());
  }

  @Override
  public void log(byte[] message) {
    log(new String(message, StandardCharsets.UTF_8));
  }
}
