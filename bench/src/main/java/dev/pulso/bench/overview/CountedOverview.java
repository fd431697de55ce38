package dev.pulso.bench.overview;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** The overview as those write it who know countDocuments: one count for each figure. */
final class CountedOverview {
  private final MongoCollection<Document> jobs;
  private final Date midnight;

  CountedOverview(MongoDatabase database, Instant midnight) {
    this.jobs = database.getCollection("jobs");
    this.midnight = Date.from(midnight);
  }

  Figures read(Optional<String> account) {
    return new Figures(
        count(account, Filters.gte("created_at", midnight)),
        count(account, Filters.eq("status", "pending")),
        count(account, Filters.in("status", "completed", "done")),
        count(account, Filters.eq("status", "failed")));
  }

  private long count(Optional<String> account, Bson condition) {
    return jobs.countDocuments(
        account.map(id -> Filters.and(Filters.eq("account_id", id), condition)).orElse(condition));
  }
}
