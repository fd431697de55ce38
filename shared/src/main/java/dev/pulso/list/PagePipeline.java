package dev.pulso.list;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.nor;
import static com.mongodb.client.model.Filters.or;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

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
 * The queries that read one page, and the batch after it. There are up to three, each over an
 * index: of batches with the cursor's value, of those beyond, and of those whose value is no
 * indexed field. Where these do not follow one another in the list's order, one aggregation merges
 * them: it takes the server longer than finds. Every condition is of the database, so that a page
 * ends at the same place for every type of {@code _id}.
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
    this(query, query.selection().filter(), after, collection);
  }

  private PagePipeline(ListQuery query, Bson filter, Optional<Cursor> after, String collection) {
    this.query = query;
    this.order = query.order();
    this.value = order.value();
    this.filter = filter;
    this.after = after;
    this.collection = collection;
  }

  /**
   * A find that reads a part of a page.
   *
   * @param shown an expression: what rows show of the list's order
   * @param isLong whether it may have to look at nearly all batches
   */
  record Part(Bson filter, Bson sort, Object shown, boolean isLong) {
    /** Returns its projection. */
    Bson fields() {
      return project(shown);
    }

    private List<Bson> stages(Bson limit) {
      return List.of(
          Aggregates.match(filter),
          Aggregates.sort(sort),
          limit,
          Aggregates.set(new Field<>(SHOWN, shown)));
    }
  }

  /** Returns the most batches that a page needs: its own, and one that tells of the next page. */
  int most() {
    return query.limit() + 1;
  }

  /** Returns whether {@link #merged} reads the page; else its {@link #parts} do. */
  boolean isMerged() {
    return query.skip() > 0 || value.otherwise().isPresent();
  }

  /** Returns an aggregation that reads the page. */
  List<Bson> merged() {
    Bson limit = Aggregates.limit(query.skip() + most());
    List<List<Bson>> branches = new ArrayList<>();
    parts().forEach(part -> branches.add(part.stages(limit)));
    value.otherwise().map(shown -> computed(shown, limit)).ifPresent(branches::add);
    List<Bson> stages = new ArrayList<>(branches.getFirst());
    for (List<Bson> branch : branches.subList(1, branches.size())) {
      stages.add(Aggregates.unionWith(collection, branch));
    }
    stages.add(Aggregates.sort(sort(SHOWN)));
    if (query.skip() > 0) {
      stages.add(Aggregates.skip(query.skip()));
    }
    stages.add(Aggregates.limit(most()));
    stages.add(Aggregates.project(project(1)));
    return stages;
  }

  /**
   * Returns an aggregation that reads those of some batches that stand before the page now, as far
   * as the list still contains them.
   *
   * @param ids no more than fit on the page
   */
  List<Bson> ahead(List<Object> ids) {
    ListQuery whole = new ListQuery(query.selection(), order, query.limit(), 0, Optional.empty());
    List<Bson> stages =
        new PagePipeline(whole, and(in(BatchFields.ID, ids), filter), Optional.empty(), collection)
            .merged();
    String shown = "$" + SHOWN;
    Object last = after.orElseThrow().value();
    Bson isSame = and(compared("$eq", shown, last), idBeyond());
    stages.add(Aggregates.match(nor(compared(beyond(), shown, last), isSame)));
    return stages;
  }

  /**
   * Returns the parts to read one after the other until there are {@link #most} batches. Their
   * results follow one another in the list's order.
   */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    boolean isAfterNothing = after.filter(cursor -> cursor.value() == null).isPresent();
    if (after.isEmpty() || (isAfterNothing && !order.isFalling())) {
      parts.add(stored(empty(), true));
    } else if (!isAfterNothing) {
      Object last = after.get().value();
      Bson isSame = and(eq(value.field(), last), compared("$eq", value.stored(), last));
      Bson isBeyond = and(beyond(value.field()), compared(beyond(), value.stored(), last));
      parts.add(stored(and(isSame, idBeyond()), false));
      parts.add(stored(isBeyond, true));
    }
    boolean mayShowNothing = isAfterNothing || after.isEmpty() || order.isFalling();
    if (value.otherwise().isEmpty() && mayShowNothing) {
      Part without = without(isAfterNothing ? idBeyond() : empty());
      parts.add(order.isFalling() ? parts.size() : 0, without);
    }
    return parts;
  }

  private Part stored(Bson place, boolean isLong) {
    return new Part(
        and(filter, value.isStored(), place), sort(value.field()), value.stored(), isLong);
  }

  private Part without(Bson place) {
    return new Part(
        and(filter, value.isNotStored(), place),
        new Document(BatchFields.ID, order.direction()),
        literal(null),
        false);
  }

  private List<Bson> computed(Object shown, Bson limit) {
    Bson place =
        after
            .map(cursor -> or(beyond(SHOWN), and(eq(SHOWN, cursor.value()), idBeyond())))
            .orElseGet(Document::new);
    return List.of(
        Aggregates.match(and(filter, value.isNotStored())),
        Aggregates.set(new Field<>(SHOWN, shown)),
        Aggregates.match(place),
        Aggregates.sort(sort(SHOWN)),
        limit);
  }

  private static Bson project(Object shown) {
    return new Document(Batches.WHOLE).append(SHOWN, shown);
  }

  private Bson sort(String field) {
    return new Document(field, order.direction()).append(BatchFields.ID, order.direction());
  }

  private String beyond() {
    return order.isFalling() ? "$lt" : "$gt";
  }

  private Bson beyond(String field) {
    return new Document(field, new Document(beyond(), after.orElseThrow().value()));
  }

  private Bson idBeyond() {
    return compared(beyond(), "$" + BatchFields.ID, after.orElseThrow().id());
  }

  /** A plain comparison matches values of one type only, and any element of an array. */
  private static Bson compared(String operator, Object own, Object last) {
    return expr(op(operator, own, literal(last)));
  }
}
