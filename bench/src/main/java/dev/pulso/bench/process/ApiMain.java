package dev.pulso.bench.process;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.functions.cancel.BatchCancelHandler;
import dev.pulso.functions.operations.BatchOperationsHandler;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import dev.pulso.functions.pause.BatchPauseHandler;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.functions.summary.BatchSummaryHandler;
import dev.pulso.functions.upkeep.BatchUpkeepHandler;
import dev.pulso.local.server.http.Authorizer;
import dev.pulso.local.server.http.CorsRules;
import dev.pulso.local.server.http.HttpEdge;
import dev.pulso.local.server.http.LambdaContext;
import dev.pulso.local.server.http.LambdaFunction;
import dev.pulso.local.server.http.Route;
import dev.pulso.local.server.http.RouteTable;
import dev.pulso.redis.RedisSharing;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The API as a process that can be killed; {@code POST /upkeep} runs upkeep. Prints its port to
 * standard output, and ends with its parent.
 */
public final class ApiMain {
  private static final String BATCH = "/api/v1/batches/{batch_id}/";

  /** Longer than any function, so that none is interrupted here. */
  private static final Duration EDGE_LIMIT = Duration.ofMinutes(2);

  private ApiMain() {}

  /**
   * @param arguments timeout of the functions in seconds
   */
  public static void main(String[] arguments) throws IOException {
    Duration timeout = Duration.ofSeconds(Long.parseLong(arguments[0]));
    Pulso pulso = ColdStart.pulso(RedisSharing::open);
    BatchOperationsHandler operations = new BatchOperationsHandler(pulso);
    BatchUpkeepHandler upkeep = new BatchUpkeepHandler(pulso);
    List<Route> routes =
        List.of(
            route(BATCH + "status", timeout, new BatchStatusHandler(pulso)),
            route(BATCH + "summary", timeout, new BatchSummaryHandler(pulso)),
            route(BATCH + "cancel", timeout, new BatchCancelHandler(pulso)),
            route(BATCH + "pause", timeout, new BatchPauseHandler(pulso)),
            route(BATCH + "resume", timeout, new BatchPauseHandler(pulso)),
            route("/api/v1/batch-operations", timeout, operations),
            route("/api/v1/batch-operations/{operation_id}", timeout, operations),
            route("/api/v1/dashboard/overview", timeout, new DashboardOverviewHandler(pulso)),
            route(
                "/upkeep",
                timeout,
                (event, context) -> report(upkeep.handleRequest(Map.of(), context))));
    HttpEdge edge = new HttpEdge(List.of(InetAddress.ofLiteral("127.0.0.1")), 0);
    edge.serve(
        new RouteTable(routes),
        CorsRules.NONE,
        Authorizer.OPEN,
        EDGE_LIMIT,
        List.of(),
        Optional.empty());
    System.out.println("port " + edge.port());
    System.exit(System.in.read());
  }

  private static Route route(
      String path,
      Duration timeout,
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler) {
    return new Route(
        Route.ANY_METHOD,
        path,
        new LambdaFunction(
            path,
            EDGE_LIMIT,
            1_024,
            (event, context) ->
                handler.handleRequest(event, new LambdaContext(path, timeout, 1_024))));
  }

  private static APIGatewayV2HTTPResponse report(Map<String, Object> report) {
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(200)
        .withBody(report.toString())
        .build();
  }
}
