package dev.pulso.bench.access;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.measure.Alternating;
import dev.pulso.bench.measure.Ranks;
import dev.pulso.bench.report.Finding;
import dev.pulso.functions.status.BatchStatusHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;

/**
 * Whether somebody can find out by timing that a batch is there which is not theirs: the 404 of
 * such a batch against the 404 of none, call by call in turn, without a network to blur it. Beside
 * it the same with two kinds of none, which shows what this way of measuring makes of no
 * difference.
 */
public final class ForeignBatchSuite {
  private static final String SUITE = "access";
  private static final int BATCHES = 50;
  private static final int WARM_UP = 15_000;
  private static final int CALLS = 30_000;
  private static final int NOT_FOUND = 404;

  private final Lab lab;

  public ForeignBatchSuite(Lab lab) {
    this.lab = lab;
  }

  /** Measures it. */
  public void run(long jobs) {
    lab.title("foreign batches, %,d jobs".formatted(jobs));
    MongoDatabase database = lab.installation(jobs);
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    List<String> ids =
        database
            .getCollection("batches")
            .find()
            .limit(BATCHES)
            .map((Document batch) -> batch.getString("batch_id"))
            .into(new ArrayList<>());
    BatchStatusHandler handler = new BatchStatusHandler(pulso);
    Runnable foreign = polls(handler, ids);
    // As long as real ones, and between them in the index.
    Alternating.Pair pair = alternating(jobs, foreign, polls(handler, changed(ids, 'x')));
    Alternating.Pair control =
        alternating(jobs, polls(handler, changed(ids, 'y')), polls(handler, changed(ids, 'x')));
    lab.report().add(SUITE, jobs, "Pulso 404, somebody else's batch", pair.first());
    lab.report().add(SUITE, jobs, "404, no batch", pair.second());
    note(jobs, "somebody else's batch takes longer than none", pair);
    note(jobs, "no batch takes longer than no batch", control);
  }

  private Alternating.Pair alternating(long jobs, Runnable first, Runnable second) {
    boolean trial = lab.isTrial(jobs);
    return Alternating.run(first, second, trial ? 50 : WARM_UP, trial ? 50 : CALLS);
  }

  private void note(long jobs, String what, Alternating.Pair pair) {
    Ranks ranks = Ranks.of(pair.first(), pair.second());
    double micros = (pair.first().median() - pair.second().median()) * 1_000;
    lab.report()
        .add(
            Finding.note(
                SUITE,
                jobs,
                "chance that " + what,
                "%.3f (z %.1f), medians %.1f µs apart"
                    .formatted(ranks.chance(), ranks.z(), micros)));
  }

  private static List<String> changed(List<String> ids, char last) {
    return ids.stream().map(id -> id.substring(0, id.length() - 1) + last).toList();
  }

  private static Runnable polls(BatchStatusHandler handler, List<String> ids) {
    List<APIGatewayV2HTTPEvent> events = ids.stream().map(ForeignBatchSuite::poll).toList();
    AtomicInteger turn = new AtomicInteger();
    return () -> {
      APIGatewayV2HTTPEvent event = events.get(turn.getAndIncrement() % events.size());
      int status = handler.handleRequest(event, null).getStatusCode();
      if (status != NOT_FOUND) {
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
