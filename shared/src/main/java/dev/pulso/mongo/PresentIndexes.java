package dev.pulso.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/** The indexes of a collection as the server lists them, also those that it still builds. */
record PresentIndexes(List<Document> listed) {
  /** There is no such collection, or it is a view, which has no indexes. */
  private static final Set<Integer> HAS_NONE = Set.of(26, 166);

  /** Lists them; none if there is no such collection. */
  static PresentIndexes of(MongoCollection<Document> collection) {
    try {
      return new PresentIndexes(collection.listIndexes().into(new ArrayList<>()));
    } catch (MongoException e) {
      if (!HAS_NONE.contains(e.getCode())) {
        throw e;
      }
      return new PresentIndexes(List.of());
    }
  }

  /** Returns the name of one with these keys that can be used instead of the wanted one. */
  Optional<String> name(Document keys, IndexOptions wanted) {
    return listed.stream()
        .filter(index -> sameKeys(keys, index.get("key", Document.class)))
        .filter(index -> holdsEnough(index, wanted))
        .map(index -> index.getString("name"))
        .findFirst();
  }

  /**
   * Returns whether an index contains every document that the wanted one would, in the order of the
   * collection.
   */
  private boolean holdsEnough(Document index, IndexOptions wanted) {
    Object filter = index.get("partialFilterExpression");
    return (filter == null || filter.equals(wanted.getPartialFilterExpression()))
        && (wanted.isSparse() || !Boolean.TRUE.equals(index.get("sparse")))
        && Objects.equals(index.get("collation"), collation())
        && !Boolean.TRUE.equals(index.get("hidden"));
  }

  /** Returns the collection's default collation, or null: that of the index on {@code _id}. */
  private Object collation() {
    return listed.stream()
        .filter(index -> sameKeys(new Document("_id", 1), index.get("key", Document.class)))
        .findFirst()
        .map(index -> index.get("collation"))
        .orElse(null);
  }

  /**
   * Returns whether fields, order and directions are equal; 1, 1.0 and 1L are the same direction.
   */
  private static boolean sameKeys(Document wanted, Document there) {
    if (!List.copyOf(wanted.keySet()).equals(List.copyOf(there.keySet()))) {
      return false;
    }
    return wanted.keySet().stream()
        .allMatch(
            key ->
                there.get(key) instanceof Number direction
                    && direction.intValue() == wanted.getInteger(key));
  }
}
