package dev.pulso.bench.suite;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Samples;
import dev.pulso.functions.status.BatchStatusHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Measures whether the time of a 404 reveals that the batch exists in another account. */
public final class AccessSuite {
  private static final String FOREIGN = "Pulso 404, batch of another account";
  private static final String NONE = "404, no batch";
  private static final int BATCHES = 50;

  private final Lab lab;

  public AccessSuite(Lab lab) {
    this.lab = lab;
  }

  public void run() {
    MongoDatabase database = lab.installation(lab.jobs());
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    BatchStatusHandler handler = new BatchStatusHandler(pulso);
    List<String> ids = IntStream.range(0, BATCHES).mapToObj(Installation::batchId).toList();
    // As long as real ids, and between them in the index.
    List<String> none = ids.stream().map(id -> id.substring(0, id.length() - 1) + "x").toList();
    Map<String, Samples> times =
        lab.callByCall(15_000, 30_000)
            .with(FOREIGN, polls(handler, ids))
            .with(NONE, polls(handler, none))
            .run();
    double micros = 1_000 * (times.get(FOREIGN).median() - times.get(NONE).median());
    lab.report().note(lab.jobs(), "404 of another account's batch, later", "%.1f µs", micros);
  }

  private static Runnable polls(BatchStatusHandler handler, List<String> ids) {
    List<APIGatewayV2HTTPEvent> events = ids.stream().map(AccessSuite::poll).toList();
    AtomicInteger turn = new AtomicInteger();
    return () -> {
      APIGatewayV2HTTPEvent event = events.get(turn.getAndIncrement() % events.size());
      int status = handler.handleRequest(event, null).getStatusCode();
      if (status != 404) {
        throw new IllegalStateException("answered with " + status);
      }
    };
  }

  private static APIGatewayV2HTTPEvent poll(String batchId) {
    APIGatewayV2HTTPEvent event = Events.status(batchId);
    Map<String, String> claims =
        Map.of("sub", "ana", "scope", "pulso:read", "account_ids", "[of-nobody-else]");
    event
        .getRequestContext()
        .setAuthorizer(
            Authorizer.builder()
                .withJwt(Authorizer.JWT.builder().withClaims(claims).build())
                .build());
    return event;
  }
}
