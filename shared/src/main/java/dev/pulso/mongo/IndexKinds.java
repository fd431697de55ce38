package dev.pulso.mongo;

import com.mongodb.client.model.IndexOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/** What an index contains of its collection, and for how long. */
final class IndexKinds {
  private IndexKinds() {}

  /** Unique among documents with text in this field. */
  static IndexOptions uniqueText(String field) {
    return new IndexOptions()
        .unique(true)
        .partialFilterExpression(new Document(field, new Document("$gte", "")));
  }

  static IndexOptions uniqueNumber(String field) {
    return new IndexOptions()
        .unique(true)
        .partialFilterExpression(new Document(field, new Document("$gte", 0)));
  }

  /** Only batches with a marker, or one that was taken away. */
  static IndexOptions cancelled() {
    return new IndexOptions()
        .partialFilterExpression(new Document("cancelled_at", new Document("$exists", true)));
  }

  static IndexOptions active() {
    return new IndexOptions().partialFilterExpression(new Document("is_active", true));
  }

  /** Only batches that the sums of active batches hold, or held last. */
  static IndexOptions summed() {
    return new IndexOptions()
        .partialFilterExpression(new Document("pulso.summed.seq", new Document("$gt", 0L)));
  }

  static IndexOptions sumsBehind() {
    return new IndexOptions().partialFilterExpression(new Document("sums_behind", true));
  }

  /** Only deliveries that wait: the others need not be passed over. */
  static IndexOptions waiting() {
    return new IndexOptions().partialFilterExpression(new Document("status", "pending"));
  }

  /** The server deletes documents this long after the time in the field. */
  static IndexOptions kept(Duration time) {
    return new IndexOptions().expireAfter(time.toSeconds(), TimeUnit.SECONDS);
  }

  static IndexOptions sparse() {
    return new IndexOptions().sparse(true);
  }
}
