package dev.pulso.local.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * The HTTP server before the functions on this machine; it does what API Gateway does in the cloud.
 * It opens its port at creation and answers from {@link #serve} on; connections wait in between.
 */
public final class HttpEdge implements AutoCloseable {
  /** API Gateway's maximum integration timeout. */
  public static final Duration GATEWAY_TIME_LIMIT = Duration.ofSeconds(30);

  /** API Gateway's limit for request line and headers together. */
  private static final int HEADER_BYTES = 10_240;

  /** API Gateway's limit of a WebSocket message. */
  private static final int LONGEST_MESSAGE = 131_072;

  /** Longer than any function's timeout, so that it interrupts none. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  /** All clients of a killed server may connect again before the next one answers. */
  static final int WAITING_CONNECTIONS = 4_096;

  private final Server server;
  private final List<ServerConnector> connectors = new ArrayList<>();
  private final ExecutorService invocations = Executors.newVirtualThreadPerTaskExecutor();
  private Predicate<String> hosts = any -> true;

  /**
   * Opens the port on all these addresses; 0 selects a free one.
   *
   * @throws IOException when the port is unavailable, most often because it is taken
   */
  public HttpEdge(List<InetAddress> addresses, int port) throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(16, 2);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server = new Server(threads);
    server.setErrorHandler(new ProblemErrorHandler());
    server.setStopTimeout(0);
    for (InetAddress address : addresses) {
      connectors.add(connector(address, connectors.isEmpty() ? port : port()));
    }
  }

  private ServerConnector connector(InetAddress address, int port) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    // Paths are split before they are decoded, so no segment is ambiguous here.
    http.setUriCompliance(UriCompliance.UNSAFE);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(address.getHostAddress());
    connector.setPort(port);
    connector.setAcceptQueueSize(WAITING_CONNECTIONS);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    server.addConnector(connector);
    try {
      connector.open();
    } catch (IOException e) {
      connectors.forEach(ServerConnector::close);
      throw e;
    }
    return connector;
  }

  /** Makes {@link #serve} answer only requests to hosts with these names. */
  public void answerOnly(Predicate<String> names) {
    hosts = names;
  }

  /** Returns the open port. */
  public int port() {
    return connectors.getFirst().getLocalPort();
  }

  /**
   * Starts to answer requests by these routes, if the authorizer admits them. No request takes
   * longer than the limit.
   *
   * @param pages that need no authorizer
   * @param sockets serves WebSocket connections; empty: there are none
   */
  public void serve(
      RouteTable routes,
      CorsRules cors,
      Authorizer authorizer,
      Duration timeLimit,
      List<Page> pages,
      Optional<Sockets> sockets) {
    Handler.Sequence handlers = new Handler.Sequence();
    pages.forEach(page -> handlers.addHandler(new PageHandler(page)));
    handlers.addHandler(
        new GatewayHandler(
            routes,
            new Cors(cors),
            authorizer,
            new EventTranslation(Clock.systemUTC(), HttpEdge::requestId),
            timeLimit,
            invocations));
    Handler all = sockets.map(some -> upgrading(some, handlers)).orElse(handlers);
    server.setHandler(new HostGuard(hosts, all));
    run(server::start);
  }

  private Handler upgrading(Sockets sockets, Handler others) {
    WebSocketUpgradeHandler upgrading =
        WebSocketUpgradeHandler.from(
            server,
            container -> {
              // None, instead of the connector's: a client may have nothing to say for long.
              container.setIdleTimeout(Duration.ZERO);
              container.setMaxTextMessageSize(LONGEST_MESSAGE);
              container.setMaxBinaryMessageSize(LONGEST_MESSAGE);
              container.addMapping(Sockets.PATH, sockets::connect);
            });
    upgrading.setHandler(others);
    return upgrading;
  }

  /** Stops at once, and ends requests in progress. */
  @Override
  public void close() {
    run(server::stop);
    connectors.forEach(ServerConnector::close);
    invocations.shutdownNow();
  }

  /** Jetty's life cycle declares Exception; this rethrows only what it really throws. */
  private static void run(LifeCycleStep step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @FunctionalInterface
  private interface LifeCycleStep {
    void run() throws Exception;
  }

  /** Returns an id like API Gateway's: fifteen characters and an equals sign. */
  private static String requestId() {
    byte[] bytes = new byte[11];
    ThreadLocalRandom.current().nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }
}
