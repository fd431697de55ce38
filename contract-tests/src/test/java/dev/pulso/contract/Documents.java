package dev.pulso.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;

/** Small documents as uploaders and workers write them. */
final class Documents {
  /** Long enough ago that its stamp says nothing about a change since a count. */
  static final Instant LONG_AGO = Instant.parse("2025-01-15T10:30:00Z");

  private Documents() {}

  static Document batch(String batchId) {
    return new Document("batch_id", batchId)
        .append("account_id", "acc-chile-001")
        .append("name", "Campaña " + batchId)
        .append("is_active", true)
        .append("priority", 2)
        .append("created_at", Date.from(LONG_AGO))
        .append("started_at", Date.from(LONG_AGO));
  }

  static Document job(String batchId, String status) {
    return new Document("batch_id", batchId)
        .append("account_id", "acc-chile-001")
        .append("status", status)
        .append("created_at", Date.from(LONG_AGO))
        .append("updated_at", Date.from(LONG_AGO));
  }

  static List<Document> jobs(int count, String batchId, String status) {
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job(batchId, status));
    }
    return jobs;
  }

  /** A call as the first kind of writer notes it, on {@code call_result}. */
  static Document call(Object cents, Object ms) {
    return new Document("duration_ms", ms)
        .append("call_cost", new Document("combined_cost", cents));
  }

  /** A call as the second kind of writer notes it, on {@code call_result}. */
  static Document summarised(Object cents, Object ms) {
    return new Document("summary", call(cents, ms));
  }

  static Document set(String field, Object value) {
    return new Document("$set", new Document(field, value));
  }
}
