package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.pulso.http.BadRequestException;
import dev.pulso.observe.Log;
import dev.pulso.push.Outbound;
import dev.pulso.text.JsonWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does for WebSocket connections what API Gateway does: asks the function who may connect, passes
 * messages to it and its answers back, and sends what the pusher has for a connection.
 */
public final class Sockets implements Outbound, AutoCloseable {
  /** The address of the connections: that of the stage in the cloud. */
  public static final String PATH = "/events";

  /** How long a connection lasts at API Gateway; the database forgets it a little later. */
  public static final Duration LONGEST = Duration.ofHours(2);

  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final String BINARY =
      "{\"type\":\"error\",\"code\":\"INVALID_MESSAGE\",\"message\":\"A message must be text.\"}";

  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int GOING_AWAY = 1001;

  private final SocketFunction function;
  private final Duration longest;
  private final String gateway;
  private final ExecutorService invocations = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Session> open = new ConcurrentHashMap<>();

  /**
   * @param function handles the events of the WebSocket API
   * @param longest a connection ends after so long
   * @param name tells it from others that use the same database
   */
  public Sockets(
      RequestHandler<Map<String, Object>, Map<String, Object>> function,
      Duration longest,
      String name) {
    this.function = new SocketFunction(function);
    this.longest = longest;
    this.gateway = RUN + name + " ";
  }

  /** Returns the endpoint of a new connection; null if it may not connect. */
  Object connect(
      ServerUpgradeRequest request,
      ServerUpgradeResponse response,
      org.eclipse.jetty.util.Callback callback) {
    String id = gateway + UUID.randomUUID();
    Map<String, Object> event;
    try {
      event = SocketEvents.connect(request, id);
    } catch (BadRequestException e) {
      Response.writeError(request, response, callback, BAD_REQUEST);
      return null;
    }
    if (!function.connect(event)) {
      Response.writeError(request, response, callback, FORBIDDEN);
      return null;
    }
    return new Endpoint(id);
  }

  @Override
  public String gateway() {
    return gateway;
  }

  @Override
  public Delivery post(String connection, String message) {
    Session session = open.get(connection);
    if (session == null || !session.isOpen()) {
      return Delivery.GONE;
    }
    CompletableFuture<Void> sent = new CompletableFuture<>();
    session.sendText(
        message, Callback.from(() -> sent.complete(null), sent::completeExceptionally));
    try {
      sent.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Delivery.DELIVERED;
    } catch (ExecutionException e) {
      return Delivery.GONE;
    } catch (TimeoutException e) {
      return Delivery.REFUSED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Delivery.REFUSED;
    }
  }

  @Override
  public boolean disconnect(String connection) {
    Session session = open.get(connection);
    if (session != null) {
      session.close(GOING_AWAY, "Connection ended by the server", Callback.NOOP);
      // A client that reads nothing never takes the goodbye, and would keep the connection for
      // ever.
      after(PATIENCE, session::disconnect);
    }
    return true;
  }

  private void after(Duration time, Runnable work) {
    CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS, invocations)
        .execute(work);
  }

  /** Returns how many connections are open. */
  public int count() {
    return open.size();
  }

  /** Ends what is running; the server ends the connections. */
  @Override
  public void close() {
    invocations.shutdownNow();
  }

  /**
   * One connection. Its messages are handled one after the other; none is read before the last one
   * is answered, so those of a client that sends faster wait at the client. Jetty calls it, so it
   * is public.
   */
  public final class Endpoint implements Session.Listener {
    private final String id;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    private Endpoint(String id) {
      this.id = id;
    }

    @Override
    public void onWebSocketOpen(Session session) {
      open.put(id, session);
      after(longest, () -> disconnect(id));
      session.demand();
    }

    @Override
    public synchronized void onWebSocketText(String message) {
      Map<String, Object> event = SocketEvents.of("$default", id);
      event.put("body", message);
      then(() -> answer(event));
      then(this::readNext);
    }

    private void readNext() {
      Session session = open.get(id);
      if (session != null) {
        session.demand();
      }
    }

    /** A function that fails has no answer; the gateway says so without a word on what it was. */
    private void answer(Map<String, Object> event) {
      try {
        if (function.invoke(event).get("body") instanceof String body) {
          post(id, body);
        }
      } catch (RuntimeException e) {
        post(
            id,
            JsonWriter.object(
                json -> json.text("message", "Internal server error").text("connectionId", id)));
        throw e;
      }
    }

    /** The gateway ends such a connection; here its author learns why. */
    @Override
    public synchronized void onWebSocketBinary(ByteBuffer message, Callback callback) {
      then(() -> post(id, BINARY));
      then(this::readNext);
      callback.succeed();
    }

    /** The end of the connection follows, and says what matters. */
    @Override
    public void onWebSocketError(Throwable cause) {
      open.remove(id);
    }

    /** A message that fails does not stop those after it. Closing interrupts what still runs. */
    private void then(Runnable handling) {
      last =
          last.thenRunAsync(handling, invocations)
              .exceptionally(
                  failure -> {
                    if (!invocations.isShutdown()) {
                      LOG.error("A WebSocket message failed: {}", Log.describe(failure));
                    }
                    return null;
                  });
    }

    @Override
    public synchronized void onWebSocketClose(int status, String reason, Callback callback) {
      open.remove(id);
      then(() -> function.invoke(SocketEvents.of("$disconnect", id)));
      callback.succeed();
    }
  }
}
