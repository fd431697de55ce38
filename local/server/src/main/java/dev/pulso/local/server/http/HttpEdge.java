package dev.pulso.local.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * What stands before the functions on this machine: an HTTP server that does what API Gateway does
 * in the cloud. It takes its port when it is made, and answers from {@link #serve} on; in between
 * connections wait.
 */
public final class HttpEdge implements AutoCloseable {
  /** The longest that API Gateway waits for a function. */
  public static final Duration GATEWAY_TIME_LIMIT = Duration.ofSeconds(30);

  /** API Gateway's limit for the request line and the headers together. */
  private static final int HEADER_BYTES = 10_240;

  /** Longer than a function may take, or it would cut one off. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  private final Server server;
  private final List<ServerConnector> connectors = new ArrayList<>();
  private final ExecutorService invocations = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Takes the port at every one of these addresses; 0 takes one that is free.
   *
   * @throws IOException when it can't be had, most often because it is taken
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
    // Paths are taken apart before they are decoded, so nothing in them is ambiguous here.
    http.setUriCompliance(UriCompliance.UNSAFE);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(address.getHostAddress());
    connector.setPort(port);
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

  /** The port that was taken. */
  public int port() {
    return connectors.getFirst().getLocalPort();
  }

  /**
   * Answers requests by these routes from now on, as far as the authorizer lets them through; no
   * request takes longer than the limit.
   */
  public void serve(RouteTable routes, CorsRules cors, Authorizer authorizer, Duration timeLimit) {
    serve(routes, cors, authorizer, timeLimit, List.of());
  }

  /** The same, with pages that no function answers, for everybody. */
  public void serve(
      RouteTable routes,
      CorsRules cors,
      Authorizer authorizer,
      Duration timeLimit,
      List<Page> pages) {
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
    server.setHandler(handlers);
    run(server::start);
  }

  /** Stops at once: requests under way are ended. */
  @Override
  public void close() {
    run(server::stop);
    connectors.forEach(ServerConnector::close);
    invocations.shutdownNow();
  }

  /** Jetty's life cycle declares Exception; only what it really throws goes on from here. */
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

  /** Looks like API Gateway's: fifteen characters and an equals sign. */
  private static String requestId() {
    byte[] bytes = new byte[11];
    ThreadLocalRandom.current().nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }
}
