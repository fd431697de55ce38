package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.openapi.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** An edge on a free port, and a client that sends raw bytes. */
public final class RunningEdge implements AutoCloseable {
  static final List<InetAddress> LOOPBACK = List.of(InetAddress.getLoopbackAddress());
  static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(10);
  private static final int PATIENCE_MS = 20_000;

  private final HttpEdge edge;

  /** Serves one function for all routes. */
  RunningEdge(RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler)
      throws IOException {
    this(handler, HttpEdge.GATEWAY_TIME_LIMIT, CorsRules.NONE);
  }

  RunningEdge(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
      Duration timeLimit,
      CorsRules cors)
      throws IOException {
    this(routes(handler), Authorizer.OPEN, timeLimit, cors, List.of());
  }

  /** Serves these routes, with this timeout per function, and these pages. */
  public RunningEdge(
      List<Route> routes,
      Authorizer authorizer,
      Duration timeLimit,
      CorsRules cors,
      List<Page> pages)
      throws IOException {
    this(routes, authorizer, timeLimit, cors, pages, any -> true);
  }

  private RunningEdge(
      List<Route> routes,
      Authorizer authorizer,
      Duration timeLimit,
      CorsRules cors,
      List<Page> pages,
      Predicate<String> hosts)
      throws IOException {
    edge = new HttpEdge(LOOPBACK, 0);
    edge.answerOnly(hosts);
    edge.serve(new RouteTable(routes), cors, authorizer, timeLimit, pages, Optional.empty());
  }

  /** Returns an edge with a page. */
  static RunningEdge withPage(
      Page page, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler)
      throws IOException {
    return new RunningEdge(
        routes(handler),
        Authorizer.OPEN,
        HttpEdge.GATEWAY_TIME_LIMIT,
        CorsRules.NONE,
        List.of(page));
  }

  /** Returns an edge that answers to these names alone. */
  static RunningEdge named(Predicate<String> hosts, Page page) throws IOException {
    return new RunningEdge(
        routes((event, context) -> ok("{}")),
        Authorizer.OPEN,
        HttpEdge.GATEWAY_TIME_LIMIT,
        CorsRules.NONE,
        List.of(page),
        hosts);
  }

  /** Returns an edge whose function also has the default route. */
  static RunningEdge withDefaultRoute(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler) throws IOException {
    return behind(Authorizer.OPEN, handler);
  }

  /** Returns an edge with an authorizer. */
  static RunningEdge behind(
      Authorizer authorizer,
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler)
      throws IOException {
    List<Route> routes = new ArrayList<>(routes(handler));
    routes.add(new Route("ANY", Route.DEFAULT_PATH, routes.getFirst().function()));
    return new RunningEdge(
        routes, authorizer, HttpEdge.GATEWAY_TIME_LIMIT, CorsRules.NONE, List.of());
  }

  private static List<Route> routes(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler) {
    LambdaFunction function = new LambdaFunction("Function", FUNCTION_TIMEOUT, 512, handler);
    return List.of(
        new Route("ANY", "/api/v1/batches/{batch_id}/status", function),
        new Route("POST", "/api/v1/batches/{batch_id}/cancel", function),
        new Route("GET", "/api/v1/dashboard/overview", function));
  }

  static APIGatewayV2HTTPResponse ok(String body) {
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(200)
        .withHeaders(Map.of("content-type", "application/json"))
        .withBody(body)
        .build();
  }

  int port() {
    return edge.port();
  }

  /** Sends these bytes on a new connection, and reads until the server closes it. */
  public Answer send(byte[] request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      return read(socket);
    }
  }

  /** Sends a GET request. */
  Answer get(String target, String... headers) throws IOException {
    return send(request("GET", target, headers));
  }

  /** Returns the head of a request. */
  public static byte[] request(String method, String target, String... headers) {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    text.append("Host: localhost\r\nConnection: close\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Sends a head that announces a body, then the body, one byte every 20 ms, until there is an
   * answer.
   */
  public Answer trickle(byte[] head) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(head);
      Thread.ofPlatform().daemon().start(() -> trickle(socket));
      return read(socket);
    }
  }

  /** Writes one byte every 20 ms until the server closes the connection. */
  static void trickle(Socket socket) {
    try {
      while (true) {
        socket.getOutputStream().write('x');
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  static Answer read(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    in.transferTo(all);
    String text = all.toString(StandardCharsets.UTF_8);
    int headEnd = text.indexOf("\r\n\r\n");
    String[] head = text.substring(0, headEnd).split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < head.length; i++) {
      int colon = head[i].indexOf(':');
      headers.merge(
          head[i].substring(0, colon).toLowerCase(Locale.ROOT),
          head[i].substring(colon + 1).strip(),
          (first, next) -> first + " | " + next);
    }
    return new Answer(
        Integer.parseInt(head[0].split(" ")[1]), headers, text.substring(headEnd + 4));
  }

  @Override
  public void close() {
    edge.close();
  }
}
