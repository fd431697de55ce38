package dev.pulso.bench.process;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What Lambda tells a function of its invocation: above all, how much time is left. */
final class FunctionContext implements Context {
  private final long end;

  FunctionContext(Duration timeout) {
    end = System.nanoTime() + timeout.toNanos();
  }

  @Override
  public int getRemainingTimeInMillis() {
    return (int) Math.max(0, (end - System.nanoTime()) / 1_000_000);
  }

  @Override
  public int getMemoryLimitInMB() {
    return 1_024;
  }

  @Override
  public String getAwsRequestId() {
    return "bench";
  }

  @Override
  public String getLogGroupName() {
    return "bench";
  }

  @Override
  public String getLogStreamName() {
    return "bench";
  }

  @Override
  public String getFunctionName() {
    return "bench";
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:local:123456789012:function:bench";
  }

  /** Null, as Lambda gives it to a function behind an HTTP API. */
  @Override
  public CognitoIdentity getIdentity() {
    return null;
  }

  /** Null, as Lambda gives it to a function behind an HTTP API. */
  @Override
  public ClientContext getClientContext() {
    return null;
  }

  @Override
  public LambdaLogger getLogger() {
    return new LambdaLogger() {
      @Override
      public void log(String message) {
        System.err.println(message);
      }

      @Override
      public void log(byte[] message) {
        log(new String(message, StandardCharsets.UTF_8));
      }
    };
  }
}
