package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** The function behind the WebSocket API, and how many of its calls run at once. */
final class SocketFunction {
  /** All use the connections to the database of one process: more at once would time out. */
  static final int INVOCATIONS_AT_ONCE = 32;

  /** Thousands may connect again at the same moment. These leave room for messages of others. */
  static final int CONNECTING_AT_ONCE = 24;

  private final RequestHandler<Map<String, Object>, Map<String, Object>> function;
  private final Semaphore free = new Semaphore(INVOCATIONS_AT_ONCE, true);
  private final Semaphore mayConnect = new Semaphore(CONNECTING_AT_ONCE, true);

  SocketFunction(RequestHandler<Map<String, Object>, Map<String, Object>> function) {
    this.function = function;
  }

  /** Waits for its turn. */
  Map<String, Object> invoke(Map<String, Object> event) {
    free.acquireUninterruptibly();
    try {
      return function.handleRequest(event, null);
    } finally {
      free.release();
    }
  }

  /** Asks the authorizer first, then tells who has connected. Returns whether the client may. */
  boolean connect(Map<String, Object> event) {
    Map<String, Object> authorization = new HashMap<>(event);
    authorization.put("type", "REQUEST");
    authorization.put("methodArn", "arn:aws:execute-api:local:123456789012:local/events/$connect");
    mayConnect.acquireUninterruptibly();
    try {
      boolean isAllowed = isAllowed(invoke(authorization));
      if (isAllowed) {
        invoke(event);
      }
      return isAllowed;
    } finally {
      mayConnect.release();
    }
  }

  private static boolean isAllowed(Map<String, Object> answer) {
    return answer.get("policyDocument") instanceof Map<?, ?> policy
        && policy.get("Statement") instanceof Iterable<?> statements
        && statements.iterator().next() instanceof Map<?, ?> statement
        && "Allow".equals(statement.get("Effect"));
  }
}
