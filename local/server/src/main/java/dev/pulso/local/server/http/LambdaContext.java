package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import java.time.Duration;
import java.util.UUID;

/** The context of one invocation. Its time starts at creation. */
public final class LambdaContext implements Context {
  private final String requestId = UUID.randomUUID().toString();
  private final long startNanos = System.nanoTime();
  private final String functionName;
  private final Duration timeout;
  private final int memoryMb;

  /** Creates the context of an invocation with this timeout. */
  public LambdaContext(String functionName, Duration timeout, int memoryMb) {
    this.functionName = functionName;
    this.timeout = timeout;
    this.memoryMb = memoryMb;
  }

  @Override
  public String getAwsRequestId() {
    return requestId;
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/" + functionName;
  }

  @Override
  public String getLogStreamName() {
    return "local";
  }

  @Override
  public String getFunctionName() {
    return functionName;
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:local:123456789012:function:" + functionName;
  }

  /** Returns null, as Lambda does behind an HTTP API. */
  @Override
  public CognitoIdentity getIdentity() {
    return null;
  }

  /** Returns null, as Lambda does behind an HTTP API. */
  @Override
  public ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    long passed = (System.nanoTime() - startNanos) / 1_000_000;
    return (int) Math.max(0, timeout.toMillis() - passed);
  }

  @Override
  public int getMemoryLimitInMB() {
    return memoryMb;
  }

  @Override
  public LambdaLogger getLogger() {
    return LambdaRuntime.getLogger();
  }
}
