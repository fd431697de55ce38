package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A function behind WebSocket connections on a free port. */
final class ServedSockets implements AutoCloseable {
  private final Sockets sockets;
  private final HttpEdge edge = new HttpEdge(RunningEdge.LOOPBACK, 0);

  ServedSockets(RequestHandler<Map<String, Object>, Map<String, Object>> function, Duration longest)
      throws IOException {
    sockets = new Sockets(function, longest, "test");
    edge.serve(
        new RouteTable(List.of()),
        CorsRules.NONE,
        Authorizer.OPEN,
        HttpEdge.GATEWAY_TIME_LIMIT,
        List.of(),
        Optional.of(sockets));
  }

  Sockets sockets() {
    return sockets;
  }

  int port() {
    return edge.port();
  }

  @Override
  public void close() {
    edge.close();
    sockets.close();
  }
}
