package dev.pulso.local.server.http;

import dev.pulso.observe.Log;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces Jetty's error pages by problem documents. */
final class ProblemErrorHandler extends ErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemErrorHandler.class);

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      String message,
      Throwable cause,
      Callback callback) {
    if (cause != null && !(cause instanceof QuietException)) {
      LOG.error("A request failed: {}", Log.describe(cause));
    }
    Answer.send(Answer.prepare(EdgeProblems.ofStatus(status), response), response, callback);
  }
}
