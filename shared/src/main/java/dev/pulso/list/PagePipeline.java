package dev.pulso.list;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Field;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The aggregation that reads one page, and the batch after it. It merges up to three branches, each
 * of which an index orders: batches with the cursor's value, those beyond, and those whose value is
 * no indexed field. Every condition is of the database, so that a page ends at the same place for
 * every type of {@code _id}.
 */
final class PagePipeline {
  /** The field of its results with what rows show of the list's order. */
  static final String SHOWN = "shown";

  private static final BsonDocument FIELDS = Batches.WHOLE.clone().append(SHOWN, new BsonInt32(1));

  private final ListQuery query;
  private final BatchOrder order;
  private final ShownValue value;
  private final Bson filter;
  private final Optional<Cursor> after;

  private final String collection;

  /**
   * @param collection the name of the batches' collection
   * @throws InvalidParameterException when the cursor belongs to another query
   */
  PagePipeline(ListQuery query, String collection) {
    this.query = query;
    this.order = query.order();
    this.value = order.value();
    this.filter = query.selection().filter();
    this.after = query.cursor().map(text -> Cursor.decoded(text, query));
    this.collection = collection;
  }

  /** Returns the stages. They find one batch more than the page has, if there is one. */
  List<Bson> stages() {
    List<List<Bson>> branches = branches();
    List<Bson> stages = new ArrayList<>(branches.getFirst());
    for (List<Bson> branch : branches.subList(1, branches.size())) {
      stages.add(Aggregates.unionWith(collection, branch));
    }
    stages.add(sort(SHOWN));
    stages.add(Aggregates.skip(query.skip()));
    stages.add(Aggregates.limit(query.limit() + 1));
    return stages;
  }

  /**
   * Returns a hint: nearly all batches have to be read to find a text that few contain, and that is
   * faster in their own order.
   */
  Optional<Bson> hint() {
    boolean readsAll = query.selection().accounts().only().isEmpty();
    return query
        .selection()
        .text()
        .filter(text -> readsAll)
        .map(text -> new Document("$natural", 1));
  }

  private List<List<Bson>> branches() {
    List<List<Bson>> branches = new ArrayList<>();
    boolean isAfterNothing = after.filter(cursor -> cursor.value() == null).isPresent();
    if (after.isEmpty() || (isAfterNothing && !order.isFalling())) {
      branches.add(stored(empty()));
    } else if (!isAfterNothing) {
      branches.add(stored(beyond(value.field())));
      branches.add(stored(and(eq(value.field(), after.get().value()), idBeyond())));
    }
    if (value.otherwise().isPresent()) {
      branches.add(computed(value.otherwise().get()));
    } else if (isAfterNothing) {
      branches.add(without(idBeyond()));
    } else if (after.isEmpty() || order.isFalling()) {
      branches.add(without(empty()));
    }
    return branches;
  }

  private List<Bson> stored(Bson place) {
    return List.of(
        Aggregates.match(and(filter, value.isStored(), place)),
        sort(value.field()),
        most(),
        shown("$" + value.field()),
        Aggregates.project(FIELDS));
  }

  private List<Bson> without(Bson place) {
    return List.of(
        Aggregates.match(and(filter, value.isNotStored(), place)),
        Aggregates.sort(new Document(BatchFields.ID, order.direction())),
        most(),
        shown(new Document("$literal", null)),
        Aggregates.project(FIELDS));
  }

  private List<Bson> computed(Object shown) {
    Bson place =
        after
            .map(cursor -> or(beyond(SHOWN), and(eq(SHOWN, cursor.value()), idBeyond())))
            .orElseGet(Document::new);
    return List.of(
        Aggregates.match(and(filter, value.isNotStored())),
        shown(shown),
        Aggregates.match(place),
        sort(SHOWN),
        most(),
        Aggregates.project(FIELDS));
  }

  private static Bson shown(Object expression) {
    return Aggregates.set(new Field<>(SHOWN, expression));
  }

  private Bson sort(String field) {
    return Aggregates.sort(
        new Document(field, order.direction()).append(BatchFields.ID, order.direction()));
  }

  private Bson most() {
    return Aggregates.limit(query.skip() + query.limit() + 1);
  }

  private Bson beyond(String field) {
    Object last = after.orElseThrow().value();
    return order.isFalling() ? lt(field, last) : gt(field, last);
  }

  /** Of every type: a plain comparison matches values of one type only. */
  private Bson idBeyond() {
    Document last = new Document("$literal", after.orElseThrow().id());
    return expr(
        new Document(order.isFalling() ? "$lt" : "$gt", List.of("$" + BatchFields.ID, last)));
  }
}
