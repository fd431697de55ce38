package dev.pulso.list;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
import static dev.pulso.mongo.Expressions.op;

import dev.pulso.batch.BatchFields;
import dev.pulso.mongo.Lenient;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * A value of batches as rows show it, in terms of the database. Most batches store it in an indexed
 * field. For the others, those with a value in that field which rows do not show, it is computed.
 *
 * @param field the indexed field
 * @param low the least value of the field that rows show
 * @param end the first one beyond, of the same type; empty: there is none
 * @param list a field that exists if the indexed one is in an array, which has several entries in
 *     the index
 * @param otherwise an expression: what rows of the other batches show; empty: nothing
 */
record ShownValue(
    String field, Object low, Optional<Object> end, String list, Optional<Object> otherwise) {
  static final ShownValue CREATED_AT = time(BatchFields.CREATED_AT, BatchFields.CREATED_AT);

  static final ShownValue LAST_ACTIVITY_AT = time(BatchFields.LAST_ACTIVITY_AT, BatchFields.PULSO);

  static final ShownValue NAME =
      new ShownValue(
          BatchFields.NAME, "", Optional.empty(), firstOf(BatchFields.NAME), Optional.empty());

  static final ShownValue PENDING =
      counter(BatchFields.COUNTERS_PENDING, 0, Lenient.ABSURD, carried(BatchFields.PENDING_JOBS));

  /** In cents. */
  static final ShownValue COST =
      counter(
          BatchFields.COUNTERS_CENTS,
          -Double.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          op("$multiply", new Document("$toDecimal", carried(BatchFields.TOTAL_COST)), 100));

  private static ShownValue time(String field, String mayBeList) {
    return new ShownValue(
        field,
        Date.from(Lenient.FIRST_YEAR),
        Optional.of(Date.from(Lenient.AFTER_LAST_YEAR)),
        firstOf(mayBeList),
        Optional.empty());
  }

  private static ShownValue counter(String field, Object low, Object end, Object carried) {
    Document isCounted = new Document("$isNumber", "$" + BatchFields.COUNTERS_TOTAL);
    Document shown = op("$cond", isCounted, 0, carried);
    return new ShownValue(
        field, low, Optional.of(end), firstOf(BatchFields.PULSO), Optional.of(shown));
  }

  private static String firstOf(String field) {
    return field + ".0";
  }

  /** What a batch without jobs carries, as {@link Lenient#notNegative} reads it. */
  private static Document carried(String field) {
    String value = "$" + field;
    Document isShown =
        op(
            "$and",
            new Document("$isNumber", value),
            op("$gt", value, 0),
            op("$lt", value, Lenient.ABSURD));
    return op("$cond", isShown, value, 0);
  }

  /** Returns a filter for the batches with a value from the indexed field. */
  Bson isStored() {
    List<Bson> conditions = new ArrayList<>(List.of(gte(field, low), exists(list, false)));
    end.ifPresent(beyond -> conditions.add(lt(field, beyond)));
    return and(conditions);
  }

  /** Returns a filter for the others. Each condition alone is a range of an index. */
  Bson isNotStored() {
    List<Bson> conditions = new ArrayList<>(List.of(not(gte(field, low)), exists(list)));
    end.ifPresent(beyond -> conditions.add(gte(field, beyond)));
    return or(conditions);
  }

  /**
   * Returns an expression: the value in the indexed field. Damaged counters may be an array: then
   * the greatest element, by which the server sorts in falling order.
   */
  Object stored() {
    Document greatest = new Document("$max", new Document("$max", "$" + field));
    return end.<Object>map(beyond -> op("$min", greatest, beyond)).orElse("$" + field);
  }

  /** Returns whether a row can show this value. */
  boolean isPossible(Object value) {
    return value == null
        ? otherwise.isEmpty()
        : low instanceof Number ? value instanceof Number : low.getClass().isInstance(value);
  }
}
