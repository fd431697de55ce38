package dev.pulso.contract;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.functions.accounts.AccountListHandler;
import dev.pulso.functions.cancel.BatchCancelHandler;
import dev.pulso.functions.delivery.WebhookDeliveryHandler;
import dev.pulso.functions.details.BatchDetailsHandler;
import dev.pulso.functions.list.BatchListHandler;
import dev.pulso.functions.operations.BatchOperationsHandler;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import dev.pulso.functions.pause.BatchPauseHandler;
import dev.pulso.functions.push.EventPushHandler;
import dev.pulso.functions.socket.EventSocketHandler;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.functions.summary.BatchSummaryHandler;
import dev.pulso.functions.upkeep.BatchUpkeepHandler;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Tracer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process with only the deployed classes. It logs like a function, and writes its answers to a
 * file. Arguments: the file, the database, and connection strings; it sends all requests over each
 * of these.
 */
final class PlantedProcess {
  private static final Map<String, String> HEADERS =
      Map.of(
          "authorization", "Bearer " + Planted.TOKEN,
          "cookie", "session=" + Planted.COOKIE);

  private static final Map<String, Object> SCHEDULE = Map.of("detail", Planted.TOKEN);
  private static final int AT_ONCE = 12;

  private final List<String> answers = Collections.synchronizedList(new ArrayList<>());
  private final Settings settings;
  private final Pulso pulso;

  private PlantedProcess(String database, String uri) {
    settings = Settings.from(Map.of("MONGODB_URI", uri, "MONGODB_DATABASE", database));
    pulso =
        Pulso.open(
            Pulso.Options.of(settings)
                .withObserver(
                    new Observer(
                        MetricLines.toStandardOutput(settings.stack(), settings.release()),
                        Tracer.OFF)));
  }

  public static void main(String[] arguments) throws IOException {
    List<String> uris = List.of(arguments).subList(2, arguments.length);
    // The working connection comes first and alone; the others mostly wait.
    List<String> all = new ArrayList<>(new PlantedProcess(arguments[1], uris.get(0)).askAll());
    uris.stream()
        .skip(1)
        .map(
            uri ->
                CompletableFuture.supplyAsync(
                    new PlantedProcess(arguments[1], uri)::askAll, Thread::startVirtualThread))
        .toList()
        .forEach(asked -> all.addAll(asked.join()));
    Files.write(Path.of(arguments[0]), all);
  }

  private List<String> askAll() {
    Map<String, String> all = claims("pulso:read pulso:operate pulso:all-accounts");
    Map<String, String> readsOnly = claims("pulso:read");
    try (ExecutorService atOnce = Executors.newFixedThreadPool(AT_ONCE)) {
      ask(atOnce, new BatchStatusHandler(pulso), "GET", "batches/{batch_id}/status", all);
      ask(atOnce, new BatchSummaryHandler(pulso), "GET", "batches/{batch_id}/summary", all);
      ask(atOnce, new DashboardOverviewHandler(pulso), "GET", "dashboard/overview", all);
      ask(atOnce, new BatchListHandler(pulso), "GET", "batches", all);
      ask(atOnce, new BatchDetailsHandler(pulso), "GET", "batches/{batch_id}", all);
      ask(atOnce, new AccountListHandler(pulso), "GET", "accounts", all);
      ask(atOnce, new BatchPauseHandler(pulso), "POST", "batches/{batch_id}/pause", all);
      ask(atOnce, new BatchOperationsHandler(pulso), "POST", "batch-operations", all);
      ask(atOnce, new BatchOperationsHandler(pulso), "GET", "batch-operations/{operation_id}", all);
      ask(atOnce, new BatchCancelHandler(pulso), "POST", "batches/{batch_id}/cancel", all);
      ask(atOnce, new BatchCancelHandler(pulso), "POST", "batches/{batch_id}/cancel", readsOnly);
      ask(atOnce, new BatchStatusHandler(pulso), Planted.METHOD, "batches/{batch_id}/status", all);
      ask(atOnce, new BatchStatusHandler(pulso), "GET", "batches/{batch_id}/status", Map.of());
      ask(atOnce, new BatchStatusHandler(pulso), "GET", "$default", all);
    }
    run(new BatchUpkeepHandler(pulso), SCHEDULE, null);
    run(new WebhookDeliveryHandler(pulso), SCHEDULE, left(29));
    run(new EventPushHandler(pulso), SCHEDULE, left(13));
    run(
        new EventPushHandler(pulso),
        Map.of("detail-type", "JobsChanged", "detail", Map.of("batch_ids", List.of("b"))),
        null);
    for (String route : List.of("$connect", "$disconnect", "$default")) {
      run(new EventSocketHandler(pulso), socket(route), null);
    }
    pulso.close();
    return answers;
  }

  /** Adds the answer, or the failure as Lambda's runtime would log it. */
  private void run(
      RequestHandler<Map<String, Object>, Map<String, Object>> handler,
      Map<String, Object> event,
      Context context) {
    StringWriter text = new StringWriter();
    try {
      text.append("ran " + handler.handleRequest(event, context));
    } catch (RuntimeException e) {
      e.printStackTrace(new PrintWriter(text, true));
    }
    answers.add(text.toString());
  }

  /** Returns a context that leaves this many seconds. */
  private static Context left(int seconds) {
    return (Context)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> seconds * 1000);
  }

  private static Map<String, Object> socket(String route) {
    return Map.of(
        "type",
        route.equals("$connect") ? "REQUEST" : "",
        "headers",
        HEADERS,
        "queryStringParameters",
        Map.of("token", Planted.TOKEN.repeat(4)),
        "body",
        "{\"action\":\"subscribe\",\"batch_id\":\"b\",\"" + Planted.TOKEN + "\":1}",
        "requestContext",
        Map.of("routeKey", route, "connectionId", "c1", "requestId", "request-0816"));
  }

  private static Map<String, String> claims(String scope) {
    return Map.of("sub", Planted.SUBJECT, "scope", scope, "account_ids", "acc-chile-001");
  }

  /** Sends requests with all kinds of paths and queries. */
  private void ask(
      ExecutorService atOnce,
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
      String method,
      String path,
      Map<String, String> claims) {
    String odd = Planted.TOKEN + "\u0000{\"$ne\":null}\n";
    for (String address : List.of("b", "nobody", odd, Planted.TOKEN.repeat(500))) {
      for (String query :
          List.of(
              "reason=" + Planted.REASON.replace(' ', '+') + "&account_id=acc-1",
              "access_token=" + Planted.TOKEN + "%zz",
              "reason=" + Planted.REASON + "%00&reason=" + Planted.REASON)) {
        APIGatewayV2HTTPEvent event = event(method, path, address, query, claims);
        atOnce.execute(() -> answers.add(text(handler.handleRequest(event, null))));
      }
    }
  }

  private static APIGatewayV2HTTPEvent event(
      String method, String path, String address, String query, Map<String, String> claims) {
    Authorizer authorizer =
        Authorizer.builder().withJwt(Authorizer.JWT.builder().withClaims(claims).build()).build();
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey(path.startsWith("$") ? path : "ANY /api/v1/" + path)
        .withRawPath("/api/v1/" + path.replace("{batch_id}", address))
        .withRawQueryString(query)
        .withHeaders(HEADERS)
        .withCookies(List.of("session=" + Planted.COOKIE))
        .withBody(Planted.TOKEN)
        .withPathParameters(Map.of("batch_id", address, "operation_id", address))
        .withRequestContext(
            RequestContext.builder()
                .withRequestId("request-0815")
                .withAuthorizer(claims.isEmpty() ? null : authorizer)
                .withHttp(
                    RequestContext.Http.builder()
                        .withMethod(method)
                        .withSourceIp(Planted.SOURCE_IP)
                        .build())
                .build())
        .build();
  }

  /** Returns an answer as one line. */
  private static String text(APIGatewayV2HTTPResponse answer) {
    return answer.getStatusCode() + " " + answer.getHeaders() + " " + answer.getBody();
  }
}
