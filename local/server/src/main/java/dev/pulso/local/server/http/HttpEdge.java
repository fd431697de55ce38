package dev.pulso.local.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.UriCompliance;
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

  /** How long a client may take to send its headers. */
  private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(10);

  private final Server server;
  private final ServerConnector connector;
  private final Duration headerTimeout;
  private final ExecutorService invocations = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Takes the port; 0 takes any free one.
   *
   * @throws IOException when it can't be had, most often because it is taken
   */
  public HttpEdge(String host, int port) throws IOException {
    this(host, port, HEADER_TIMEOUT);
  }

  HttpEdge(String host, int port, Duration headerTimeout) throws IOException {
    this.headerTimeout = headerTimeout;
    QueuedThreadPool threads = new QueuedThreadPool(16, 2);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    // Paths are taken apart before they are decoded, so nothing in them is ambiguous here.
    http.setUriCompliance(UriCompliance.UNSAFE);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    connector.setReuseAddress(true);
    server.addConnector(connector);
    server.setErrorHandler(new ProblemErrorHandler());
    server.setStopTimeout(0);
    connector.open();
  }

  /** The port that was taken. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Answers requests by these routes from now on; no request takes longer than the limit. */
  public void serve(RouteTable routes, CorsRules cors, Duration timeLimit) {
    server.setHandler(
        new GatewayHandler(
            routes,
            new Cors(cors),
            new EventTranslation(Clock.systemUTC(), HttpEdge::requestId),
            timeLimit,
            invocations));
    run(server::start);
    new SlowHeaders(connector, headerTimeout).watch();
  }

  /** Stops at once: requests under way are ended. */
  @Override
  public void close() {
    run(server::stop);
    connector.close();
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
