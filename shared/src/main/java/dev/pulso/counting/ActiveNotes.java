package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.MongoCollection;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.mongo.Lenient;
import java.util.Arrays;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * What each batch notes of itself in {@code pulso.summed}: what the sums of active batches hold of
 * it, and, until the refresh that wrote the note is committed, what they held before.
 */
final class ActiveNotes {
  /** Matches batches with a note. */
  static final Bson IS_NOTED = exists(BatchFields.SUMMED_SEQ);

  /** What the sums hold of a batch. */
  static final String HELD = "held";

  private static final String HELD_BEFORE = "held_before";

  private final MongoCollection<Document> batches;

  ActiveNotes(MongoCollection<Document> batches) {
    this.batches = batches;
  }

  /** What the sums of that refresh hold of a batch that has noted it; empty: nothing. */
  static Document held(Document batch, long seq) {
    Document note = Lenient.document(Lenient.document(batch.get(BatchFields.PULSO)).get("summed"));
    boolean isLater = Lenient.count(note.get(ActiveSums.SEQ)) > seq;
    return Lenient.document(note.get(isLater ? HELD_BEFORE : HELD));
  }

  /**
   * Has each batch note what it adds to the sums from now on, where that is something new.
   *
   * @param before the refresh that made the sums as they are stored
   * @param seq the refresh that is under way
   */
  void write(long before, long seq) {
    Object held = orNull("$" + BatchFields.SUMMED + "." + HELD);
    Object heldBefore = orNull("$" + BatchFields.SUMMED + "." + HELD_BEFORE);
    Document isUncommitted = op("$gt", op("$ifNull", "$" + BatchFields.SUMMED_SEQ, 0L), before);
    Document adds = adds();
    Document isNoMore =
        op("$and", op("$eq", held, null), op("$eq", adds, null), op("$not", isUncommitted));
    Document note =
        new Document(ActiveSums.SEQ, seq)
            .append(HELD, adds)
            .append(HELD_BEFORE, op("$cond", isUncommitted, heldBefore, held));
    batches.updateMany(
        and(
            or(eq(BatchFields.IS_ACTIVE, true), IS_NOTED),
            or(
                ne(BatchFields.IS_ACTIVE, true),
                CancellationMarkers.isSet(),
                gt(BatchFields.SUMMED_SEQ, before),
                expr(mayAddOther(held, adds)))),
        List.of(
            new Document(
                "$set",
                new Document(BatchFields.SUMMED, op("$cond", isNoMore, "$$REMOVE", note)))));
  }

  /** Whether an active batch adds something else now: of one that is counted, a few comparisons. */
  private static Document mayAddOther(Object held, Document adds) {
    String holds = "$" + BatchFields.SUMMED + "." + HELD + ".";
    String figures = "$" + BatchFields.FIGURES + ".";
    Document differs =
        op(
            "$or",
            op("$ne", holds + ActiveBatches.JOBS, "$" + BatchFields.FIGURES_TOTAL),
            op("$ne", holds + ActiveBatches.CENTS, figures + "cents"),
            op("$ne", holds + ActiveBatches.MS, figures + "ms"),
            op("$ne", holds + ActiveSums.ACCOUNT, orNull("$" + BatchFields.ACCOUNT_ID)));
    return op("$cond", isNumber("$" + BatchFields.FIGURES_TOTAL), differs, op("$ne", held, adds));
  }

  /** An expression for what a batch adds to the sums, null where it is not active. */
  private static Document adds() {
    String account = "$" + BatchFields.ACCOUNT_ID;
    Document counted =
        new Document(ActiveBatches.JOBS, "$" + BatchFields.FIGURES_TOTAL)
            .append(ActiveBatches.CENTS, number("$" + BatchFields.FIGURES + ".cents"))
            .append(ActiveBatches.MS, number("$" + BatchFields.FIGURES + ".ms"));
    Document carried =
        new Document(ActiveBatches.JOBS, op("$trunc", notNegative("$" + BatchFields.TOTAL_JOBS)))
            .append(ActiveBatches.COST, op("$toDecimal", notNegative("$" + BatchFields.TOTAL_COST)))
            .append(
                ActiveBatches.MINUTES,
                op("$toDecimal", notNegative("$" + BatchFields.TOTAL_MINUTES)));
    Document whose =
        new Document(
                ActiveSums.ACCOUNT,
                op("$cond", op("$eq", op("$type", account), "string"), account, null))
            .append(ActiveBatches.ACTIVE, new Document("$literal", 1L));
    Document figures = op("$cond", isNumber("$" + BatchFields.FIGURES_TOTAL), counted, carried);
    return op(
        "$cond",
        op("$and", op("$eq", "$" + BatchFields.IS_ACTIVE, true), CancellationMarkers.missing()),
        op("$mergeObjects", whose, figures),
        null);
  }

  private static Document number(String path) {
    return op("$cond", isNumber(path), path, 0L);
  }

  private static Document isNumber(String path) {
    return new Document("$isNumber", path);
  }

  private static Document notNegative(String path) {
    // Whatever is no number sorts below zero or above every number.
    return op("$cond", op("$and", op("$gt", path, 0L), op("$lt", path, Lenient.ABSURD)), path, 0L);
  }

  private static Document orNull(String path) {
    return op("$ifNull", path, null);
  }

  private static Document op(String name, Object... operands) {
    return new Document(name, Arrays.asList(operands));
  }
}
