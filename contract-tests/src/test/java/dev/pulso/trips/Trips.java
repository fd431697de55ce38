package dev.pulso.trips;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Unhurried;
import dev.pulso.functions.cancel.BatchCancelHandler;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.functions.upkeep.BatchUpkeepHandler;
import dev.pulso.mongo.LiveDb;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Tracer;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Four functions over one Pulso, called by name and subject. */
public final class Trips implements Function<String, Runnable>, Callable<Void> {
  private final Pulso pulso;
  private final BatchStatusHandler status;
  private final BatchCancelHandler cancel;
  private final DashboardOverviewHandler overview;
  private final BatchUpkeepHandler upkeep;

  /** Uses the database in these environment variables. */
  public Trips(Map<String, String> environment) {
    Settings settings = Settings.from(environment);
    Observer observer = new Observer(new MetricLines("test", "r1", line -> {}), Tracer.OFF);
    LiveDb database = LiveDb.of(settings, Unhurried::unhurried);
    pulso = Pulso.open(Pulso.Options.of(settings).withObserver(observer).withDatabase(database));
    pulso.makeIndexes();
    status = new BatchStatusHandler(pulso);
    cancel = new BatchCancelHandler(pulso);
    overview = new DashboardOverviewHandler(pulso);
    upkeep = new BatchUpkeepHandler(pulso);
  }

  /** Returns a call such as {@code status b}. */
  @Override
  public Runnable apply(String trip) {
    String about = trip.substring(trip.indexOf(' ') + 1);
    return switch (trip.substring(0, trip.indexOf(' '))) {
      case "status" -> () -> ask(status, "GET", about, "");
      case "cancel" -> () -> ask(cancel, "POST", about, "reason=basta");
      case "overview" -> () -> ask(overview, "GET", null, "account_id=" + about);
      case "upkeep" -> () -> upkeep.handleRequest(Map.of(), null);
      default -> throw new IllegalArgumentException(trip);
    };
  }

  private static void ask(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
      String method,
      String batch,
      String query) {
    RequestContext context =
        RequestContext.builder()
            .withHttp(RequestContext.Http.builder().withMethod(method).build())
            .build();
    APIGatewayV2HTTPEvent event =
        APIGatewayV2HTTPEvent.builder()
            .withRouteKey("ANY /trip")
            .withRawQueryString(query)
            .withPathParameters(batch == null ? null : Map.of("batch_id", batch))
            .withRequestContext(context)
            .build();
    APIGatewayV2HTTPResponse answer = handler.handleRequest(event, null);
    if (answer.getStatusCode() != 200) {
      throw new IllegalStateException(answer.getBody());
    }
  }

  @Override
  public Void call() {
    pulso.close();
    return null;
  }
}
