package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.functions.cancel.BatchCancelHandler;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import dev.pulso.functions.pause.BatchPauseHandler;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.functions.summary.BatchSummaryHandler;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Tracer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A process whose log lines are kept. What it is sent holds much that no line may hold. */
final class ObservedApi implements AutoCloseable {
  static final String SUBJECT = "ana.perez@example.com";
  static final String REASON = "Cliente Ana pidió no ser llamada";
  static final List<String> SECRETS =
      List.of(
          SUBJECT, "ana.perez", "Ana pidi", "203.0.113.7", "tok-en", "unknown-address", "note=");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Pulso pulso;

  /** A process with these settings. */
  ObservedApi(Settings settings) {
    this(settings, Tracer.OFF);
  }

  ObservedApi(Settings settings, Tracer tracer) {
    pulso =
        Pulso.open(
            Pulso.Options.of(settings)
                .withObserver(new Observer(new MetricLines("test", lines::add), tracer)));
  }

  Pulso pulso() {
    return pulso;
  }

  int status(String address, Map<String, String> headers, Map<String, String> claims) {
    return call(
        new BatchStatusHandler(pulso), "GET", "status", address, "note=private", headers, claims);
  }

  int status(String address) {
    return status(address, Map.of(), Map.of());
  }

  int summary(String address) {
    return call(new BatchSummaryHandler(pulso), "GET", "summary", address, "", Map.of(), Map.of());
  }

  int cancel(String address, Map<String, String> claims) {
    String query = "reason=" + REASON.replace(" ", "%20").replace("ó", "%C3%B3");
    return call(new BatchCancelHandler(pulso), "POST", "cancel", address, query, Map.of(), claims);
  }

  int pause(String method, String address) {
    return call(new BatchPauseHandler(pulso), method, "pause", address, "", Map.of(), Map.of());
  }

  int overview(String query) {
    return call(new DashboardOverviewHandler(pulso), "GET", null, null, query, Map.of(), Map.of());
  }

  private static int call(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
      String method,
      String action,
      String address,
      String query,
      Map<String, String> headers,
      Map<String, String> claims) {
    String path =
        action == null ? "/api/v1/dashboard/overview" : "/api/v1/batches/{batch_id}/" + action;
    RequestContext context =
        RequestContext.builder()
            .withRequestId("request-0815")
            .withAuthorizer(
                claims.isEmpty()
                    ? null
                    : Authorizer.builder()
                        .withJwt(Authorizer.JWT.builder().withClaims(claims).build())
                        .build())
            .withHttp(
                RequestContext.Http.builder()
                    .withMethod(method)
                    .withSourceIp("203.0.113.7")
                    .build())
            .build();
    APIGatewayV2HTTPEvent event =
        APIGatewayV2HTTPEvent.builder()
            .withRouteKey("ANY " + path)
            .withRawQueryString(query)
            .withHeaders(withToken(headers))
            .withPathParameters(address == null ? null : Map.of("batch_id", address))
            .withRequestContext(context)
            .build();
    return handler.handleRequest(event, null).getStatusCode();
  }

  private static Map<String, String> withToken(Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("authorization", "Bearer tok-en");
    return all;
  }

  /** The lines so far, which are forgotten; none of them may hold a secret. */
  List<JsonNode> lines() {
    List<JsonNode> read = new ArrayList<>();
    for (String line : lines) {
      assertThat(line).doesNotContain(SECRETS);
      read.add(EmbeddedMetrics.read(line));
    }
    lines.clear();
    return read;
  }

  /** The one line since the last look. */
  JsonNode line() {
    List<JsonNode> read = lines();
    assertThat(read).hasSize(1);
    return read.getFirst();
  }

  @Override
  public void close() {
    pulso.close();
  }
}
