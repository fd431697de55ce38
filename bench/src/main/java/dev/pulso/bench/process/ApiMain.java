package dev.pulso.bench.process;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pulso.Pulso;
import dev.pulso.functions.cancel.BatchCancelHandler;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import dev.pulso.functions.pause.BatchPauseHandler;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.functions.summary.BatchSummaryHandler;
import dev.pulso.functions.upkeep.BatchUpkeepHandler;
import dev.pulso.redis.RedisSharing;
import dev.pulso.start.ColdStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * The API as a process that can be killed: the real handlers behind the JDK's own HTTP server. Says
 * its port on standard output, and ends with whoever started it.
 */
public final class ApiMain {
  private static final String BATCHES = "/api/v1/batches/";

  private final Pulso pulso = ColdStart.pulso(RedisSharing::open);
  private final Duration timeout;
  private final Map<String, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>>
      handlers =
          Map.of(
              "status", new BatchStatusHandler(pulso),
              "summary", new BatchSummaryHandler(pulso),
              "cancel", new BatchCancelHandler(pulso),
              "pause", new BatchPauseHandler(pulso),
              "resume", new BatchPauseHandler(pulso),
              "overview", new DashboardOverviewHandler(pulso));

  private ApiMain(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * @param arguments the functions' timeout in seconds
   */
  public static void main(String[] arguments) throws IOException {
    ApiMain api = new ApiMain(Duration.ofSeconds(Long.parseLong(arguments[0])));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", api::serve);
    server.start();
    System.out.println(server.getAddress().getPort());
    System.exit(System.in.read());
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/upkeep")) {
      Map<String, Object> report =
          new BatchUpkeepHandler(pulso).handleRequest(Map.of(), new FunctionContext(timeout));
      write(exchange, 200, report.toString());
      return;
    }
    String action = path.substring(path.lastIndexOf('/') + 1);
    APIGatewayV2HTTPResponse answer =
        handlers.get(action).handleRequest(event(exchange), new FunctionContext(timeout));
    answer.getHeaders().forEach(exchange.getResponseHeaders()::set);
    write(exchange, answer.getStatusCode(), answer.getBody());
  }

  private static APIGatewayV2HTTPEvent event(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getRawQuery();
    String batch =
        path.startsWith(BATCHES) ? path.substring(BATCHES.length(), path.lastIndexOf('/')) : "";
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey("ANY " + (batch.isEmpty() ? path : path.replace(batch, "{batch_id}")))
        .withRawPath(path)
        .withRawQueryString(query)
        .withPathParameters(batch.isEmpty() ? null : Map.of("batch_id", batch))
        .withRequestContext(
            RequestContext.builder()
                .withRequestId("bench")
                .withHttp(
                    RequestContext.Http.builder()
                        .withMethod(exchange.getRequestMethod())
                        .withPath(path)
                        .withSourceIp("127.0.0.1")
                        .build())
                .build())
        .build();
  }

  private static void write(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
