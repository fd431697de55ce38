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
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The aggregations that read one page, and the batch after it. There are up to three, each over an
 * index: of batches with the cursor's value, of those beyond, and of those whose value is no
 * indexed field. Where these do not follow one another in the list's order, the server merges them.
 * Every condition is of the database, so that a page ends at the same place for every type of
 * {@code _id}.
 */
final class PagePipeline {
  /** The field of its results with what rows show of the list's order. */
  static final String SHOWN = "shown";

  private final ListQuery query;
  private final BatchOrder order;
  private final ShownValue value;
  private final Bson filter;
  private final Optional<Cursor> after;

  private final String collection;

  /**
   * @param after the place after which the page begins
   * @param collection the name of the batches' collection
   */
  PagePipeline(ListQuery query, Optional<Cursor> after, String collection) {
    this.query = query;
    this.order = query.order();
    this.value = order.value();
    this.filter = query.selection().filter();
    this.after = after;
    this.collection = collection;
  }

  /**
   * A part of a page's reading.
   *
   * @param isLong whether it may have to look at nearly all batches
   */
  record Step(List<Bson> stages, boolean isLong) {}

  /**
   * Returns the steps, to be made until there is one batch more than the page has. Their results
   * follow one another in the list's order.
   */
  List<Step> steps() {
    List<Step> branches = branches();
    if (query.skip() == 0 && value.otherwise().isEmpty()) {
      return branches;
    }
    List<Bson> stages = new ArrayList<>(branches.getFirst().stages());
    for (Step branch : branches.subList(1, branches.size())) {
      stages.add(Aggregates.unionWith(collection, branch.stages()));
    }
    stages.add(sort(SHOWN));
    stages.add(Aggregates.skip(query.skip()));
    stages.add(Aggregates.limit(query.limit() + 1));
    return List.of(new Step(stages, false));
  }

  private List<Step> branches() {
    List<Step> branches = new ArrayList<>();
    boolean isAfterNothing = after.filter(cursor -> cursor.value() == null).isPresent();
    if (after.isEmpty() || (isAfterNothing && !order.isFalling())) {
      branches.add(new Step(stored(empty()), true));
    } else if (!isAfterNothing) {
      Bson equal = eq(value.field(), after.get().value());
      branches.add(new Step(stored(and(equal, idBeyond())), false));
      branches.add(new Step(stored(beyond(value.field())), true));
    }
    if (value.otherwise().isPresent()) {
      branches.add(new Step(computed(value.otherwise().get()), false));
    } else if (isAfterNothing || after.isEmpty() || order.isFalling()) {
      Step without = new Step(without(isAfterNothing ? idBeyond() : empty()), false);
      branches.add(order.isFalling() ? branches.size() : 0, without);
    }
    return branches;
  }

  private List<Bson> stored(Bson place) {
    return List.of(
        Aggregates.match(and(filter, value.isStored(), place)),
        sort(value.field()),
        most(),
        fields("$" + value.field()));
  }

  private List<Bson> without(Bson place) {
    return List.of(
        Aggregates.match(and(filter, value.isNotStored(), place)),
        Aggregates.sort(new Document(BatchFields.ID, order.direction())),
        most(),
        fields(new Document("$literal", null)));
  }

  private List<Bson> computed(Object shown) {
    Bson place =
        after
            .map(cursor -> or(beyond(SHOWN), and(eq(SHOWN, cursor.value()), idBeyond())))
            .orElseGet(Document::new);
    return List.of(
        Aggregates.match(and(filter, value.isNotStored())),
        Aggregates.set(new Field<>(SHOWN, shown)),
        Aggregates.match(place),
        sort(SHOWN),
        most(),
        fields(1));
  }

  private static Bson fields(Object shown) {
    return Aggregates.project(new Document(Batches.WHOLE).append(SHOWN, shown));
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
