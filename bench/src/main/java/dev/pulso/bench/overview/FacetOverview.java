package dev.pulso.bench.overview;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Facet;
import com.mongodb.client.model.Filters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The overview as most people write it: one aggregation over the jobs, with a facet for the counts
 * by status and one for today's.
 */
final class FacetOverview {
  private static final Document COVERING =
      new Document("account_id", 1).append("status", 1).append("created_at", -1);

  private final MongoCollection<Document> jobs;
  private final Date midnight;

  FacetOverview(MongoDatabase database, Instant midnight) {
    this.jobs = database.getCollection("jobs");
    this.midnight = Date.from(midnight);
  }

  /** Of all jobs, or those of an account. */
  Figures read(Optional<String> account) {
    return figures(jobs.aggregate(pipeline(account)).first());
  }

  /** With a hint that makes the server read an index from end to end instead of all documents. */
  Figures readCovered() {
    AggregateIterable<Document> hinted = jobs.aggregate(pipeline(Optional.empty())).hint(COVERING);
    return figures(hinted.first());
  }

  private List<Bson> pipeline(Optional<String> account) {
    List<Bson> pipeline = new ArrayList<>();
    account.ifPresent(id -> pipeline.add(Aggregates.match(Filters.eq("account_id", id))));
    pipeline.add(
        Aggregates.facet(
            new Facet("by_status", Aggregates.group("$status", Accumulators.sum("n", 1))),
            new Facet(
                "today",
                Aggregates.match(Filters.gte("created_at", midnight)),
                Aggregates.count("n"))));
    return pipeline;
  }

  private static Figures figures(Document facets) {
    long pending = 0;
    long completed = 0;
    long failed = 0;
    for (Document status : facets.getList("by_status", Document.class)) {
      long n = status.get("n", Number.class).longValue();
      switch (String.valueOf(status.get("_id"))) {
        case "pending" -> pending += n;
        case "done", "completed" -> completed += n;
        case "failed" -> failed += n;
        default -> {}
      }
    }
    List<Document> today = facets.getList("today", Document.class);
    return new Figures(
        today.isEmpty() ? 0 : today.getFirst().get("n", Number.class).longValue(),
        pending,
        completed,
        failed);
  }
}
