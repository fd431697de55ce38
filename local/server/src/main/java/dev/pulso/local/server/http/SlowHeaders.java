package dev.pulso.local.server.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Closes connections whose request headers trickle in, which an idle timeout never notices. Looks
 * at the connections once in a while, by Jetty's scheduler, one look at a time.
 */
final class SlowHeaders {
  private final ServerConnector connector;
  private final Duration patience;
  private Map<EndPoint, Seen> seen = new HashMap<>();

  SlowHeaders(ServerConnector connector, Duration patience) {
    this.connector = connector;
    this.patience = patience;
  }

  void watch() {
    connector
        .getScheduler()
        .schedule(this::look, Math.max(1, patience.toMillis() / 10), TimeUnit.MILLISECONDS);
  }

  private void look() {
    Map<EndPoint, Seen> now = new HashMap<>();
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      Seen next = seen.getOrDefault(endPoint, Seen.NEW).then(endPoint.getConnection());
      if (next.isTrickling() && System.nanoTime() - next.sinceNanos > patience.toNanos()) {
        endPoint.close();
      } else {
        now.put(endPoint, next);
      }
    }
    seen = now;
    if (connector.isRunning()) {
      watch();
    }
  }

  /**
   * A connection as it was at one look.
   *
   * @param requests requests whose headers were complete
   * @param quietBytes bytes received when no headers were under way
   * @param bytes bytes received
   * @param sinceNanos when headers that are under way were seen first
   */
  private record Seen(long requests, long quietBytes, long bytes, long sinceNanos) {
    static final Seen NEW = new Seen(0, 0, 0, 0);

    boolean isTrickling() {
      return bytes > quietBytes;
    }

    Seen then(Connection connection) {
      long requestsNow = connection.getMessagesIn();
      long bytesNow = connection.getBytesIn();
      boolean answering = requestsNow > connection.getMessagesOut();
      if (answering || requestsNow != requests) {
        return new Seen(requestsNow, bytesNow, bytesNow, 0);
      }
      long since = isTrickling() ? sinceNanos : System.nanoTime();
      return new Seen(requests, quietBytes, bytesNow, since);
    }
  }
}
