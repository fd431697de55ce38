package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Lenient;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/**
 * What a fold has added to the account totals, kept beside them until each snapshot notes that.
 * Completing it changes nothing where it was completed before.
 */
final class RedoList {
  /** The fold that a snapshot has noted before this one. */
  private static final String BASE = "base";

  private final Db db;

  RedoList(Db db) {
    this.db = db;
  }

  /** The entry for a snapshot that is folded as it stands. */
  static Document entry(Document snapshot) {
    return copied(
        snapshot,
        new Document("_id", snapshot.get("_id"))
            .append(
                BASE,
                Lenient.document(snapshot.get(CounterSnapshot.FOLDED)).get(AccountTotals.SEQ)));
  }

  /** Has each snapshot note what of it was folded, and then takes the list away. */
  void complete(long seq, List<Document> entries) {
    List<WriteModel<Document>> writes = new ArrayList<>();
    entries.forEach(entry -> writes.add(note(seq, entry)));
    entries.stream().filter(RedoList::isEmpty).forEach(entry -> writes.add(delete(seq, entry)));
    db.counterSnapshots().bulkWrite(writes, new BulkWriteOptions().ordered(true));
    db.progress()
        .updateOne(
            and(RefreshProgress.COUNTING, eq(AccountTotals.SEQ, seq)),
            new Document("$unset", new Document(AccountTotals.REDO, "")));
  }

  private static WriteModel<Document> note(long seq, Document entry) {
    Document folded = copied(entry, new Document(AccountTotals.SEQ, seq));
    Document isAsFolded =
        op("$eq", "$" + CounterSnapshot.WRITTEN, entry.get(CounterSnapshot.WRITTEN));
    // Another one is open: it is of later, or of before a crash that took the folded one away.
    Document openSeq = op("$cond", isAsFolded, seq, Long.MAX_VALUE);
    return new UpdateOneModel<>(
        and(
            eq("_id", entry.get("_id")),
            eq(CounterSnapshot.FOLDED + "." + AccountTotals.SEQ, entry.get(BASE))),
        List.of(
            new Document(
                "$set",
                new Document(CounterSnapshot.FOLDED, literal(folded))
                    .append(CounterSnapshot.OPEN_SEQ, openSeq))));
  }

  /**
   * Deletes a snapshot whose group has no job any more, unless somebody has begun to count again.
   */
  private static WriteModel<Document> delete(long seq, Document entry) {
    return new DeleteOneModel<>(
        and(
            eq("_id", entry.get("_id")),
            eq(CounterSnapshot.OPEN_SEQ, seq),
            eq(Leases.TOKEN, entry.get(CounterSnapshot.WRITTEN))));
  }

  private static boolean isEmpty(Document entry) {
    return entry.getList(CounterSnapshot.ACCOUNTS, Document.class, List.of()).isEmpty();
  }

  private static Document copied(Document from, Document to) {
    for (String field :
        List.of(CounterSnapshot.WRITTEN, CounterSnapshot.ACCOUNTS, CounterSnapshot.DAYS)) {
      to.append(field, from.get(field));
    }
    return to;
  }
}
