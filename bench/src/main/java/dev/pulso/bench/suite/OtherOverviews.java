package dev.pulso.bench.suite;

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

/** The usual ways to write an overview. */
final class OtherOverviews {
  private final MongoCollection<Document> jobs;
  private final Date midnight;

  OtherOverviews(MongoDatabase database, Instant midnight) {
    this.jobs = database.getCollection("jobs");
    this.midnight = Date.from(midnight);
  }

  /**
   * The overview's counts of jobs.
   *
   * @param today created since midnight
   * @param completed {@code completed} and {@code done}
   */
  record Counts(long today, long pending, long completed, long failed) {
    static Counts ofAnswer(String body) {
      Document jobs =
          Document.parse(body).getEmbedded(List.of("detailed_stats", "jobs"), Document.class);
      return new Counts(
          number(jobs, "today"),
          number(jobs, "pending"),
          number(jobs, "completed"),
          number(jobs, "failed"));
    }

    private static long number(Document document, String field) {
      return document.get(field, Number.class).longValue();
    }
  }

  /** Runs one aggregation, with a facet for counts by status and one for today. */
  Counts facet(Optional<String> account) {
    List<Bson> pipeline = new ArrayList<>();
    account.ifPresent(id -> pipeline.add(Aggregates.match(Filters.eq("account_id", id))));
    pipeline.add(
        Aggregates.facet(
            new Facet("by_status", Aggregates.group("$status", Accumulators.sum("n", 1))),
            new Facet(
                "today",
                Aggregates.match(Filters.gte("created_at", midnight)),
                Aggregates.count("n"))));
    Document facets = jobs.aggregate(pipeline).first();
    return new Counts(
        sum(facets, "today", Optional.empty()),
        sum(facets, "by_status", Optional.of(List.of("pending"))),
        sum(facets, "by_status", Optional.of(List.of("done", "completed"))),
        sum(facets, "by_status", Optional.of(List.of("failed"))));
  }

  /** Runs one count per figure. */
  Counts counts(Optional<String> account) {
    return new Counts(
        count(account, Filters.gte("created_at", midnight)),
        count(account, Filters.eq("status", "pending")),
        count(account, Filters.in("status", "completed", "done")),
        count(account, Filters.eq("status", "failed")));
  }

  private long count(Optional<String> account, Bson condition) {
    return jobs.countDocuments(
        account.map(id -> Filters.and(Filters.eq("account_id", id), condition)).orElse(condition));
  }

  private static long sum(Document facets, String facet, Optional<List<String>> ids) {
    return facets.getList(facet, Document.class).stream()
        .filter(group -> ids.isEmpty() || ids.get().contains(group.get("_id")))
        .mapToLong(group -> Counts.number(group, "n"))
        .sum();
  }
}
