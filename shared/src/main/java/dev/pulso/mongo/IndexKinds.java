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
    return only(field, new Document("$gte", "")).unique(true);
  }

  static IndexOptions uniqueNumber(String field) {
    return only(field, new Document("$gte", 0)).unique(true);
  }

  /** Only documents with this value in a field, or with one that meets this condition. */
  static IndexOptions only(String field, Object value) {
    return new IndexOptions().partialFilterExpression(new Document(field, value));
  }

  /** The server deletes documents this long after the time in the field. */
  static IndexOptions kept(Duration time) {
    return new IndexOptions().expireAfter(time.toSeconds(), TimeUnit.SECONDS);
  }

  static IndexOptions sparse() {
    return new IndexOptions().sparse(true);
  }
}
