package dev.pulso.catchup;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.TallyFields;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/**
 * What a fold has put into the totals, kept beside them until each tally notes that. Completing it
 * changes nothing where it was completed before.
 */
final class RedoList {
  /** The fold that a tally has noted before this one. */
  private static final String BASE = "base";

  private final Db db;

  RedoList(Db db) {
    this.db = db;
  }

  /** The entry for a tally that is folded as it stands. */
  static Document entry(Document tally) {
    return copied(
        tally,
        new Document("_id", tally.get("_id"))
            .append(BASE, Lenient.document(tally.get(TallyFields.FOLDED)).get(Totals.SEQ)));
  }

  /** Has each tally note what of it was folded, and then takes the list away. */
  void complete(long seq, List<Document> entries) {
    List<WriteModel<Document>> writes = new ArrayList<>();
    entries.forEach(entry -> writes.add(note(seq, entry)));
    entries.stream().filter(RedoList::isEmpty).forEach(entry -> writes.add(delete(seq, entry)));
    db.tallies().bulkWrite(writes, new BulkWriteOptions().ordered(true));
    db.progress()
        .updateOne(
            and(eq("_id", CountingProgress.ID), eq(Totals.SEQ, seq)),
            new Document("$unset", new Document(Totals.REDO, "")));
  }

  private static WriteModel<Document> note(long seq, Document entry) {
    Document folded = copied(entry, new Document(Totals.SEQ, seq));
    Document isAsFolded =
        new Document("$eq", List.of("$" + TallyFields.WRITTEN, entry.get(TallyFields.WRITTEN)));
    Document openSeq = new Document("$cond", List.of(isAsFolded, seq, "$" + TallyFields.OPEN_SEQ));
    return new UpdateOneModel<>(
        and(
            eq("_id", entry.get("_id")),
            eq(TallyFields.FOLDED + "." + Totals.SEQ, entry.get(BASE))),
        List.of(
            new Document(
                "$set",
                new Document(TallyFields.FOLDED, new Document("$literal", folded))
                    .append(TallyFields.OPEN_SEQ, openSeq))));
  }

  /** Deletes a tally whose group has no job any more, unless somebody has begun to count again. */
  private static WriteModel<Document> delete(long seq, Document entry) {
    return new DeleteOneModel<>(
        and(
            eq("_id", entry.get("_id")),
            eq(TallyFields.OPEN_SEQ, seq),
            eq(Leases.TOKEN, entry.get(TallyFields.WRITTEN))));
  }

  private static boolean isEmpty(Document entry) {
    return entry.getList(TallyFields.ACCOUNTS, Document.class, List.of()).isEmpty();
  }

  private static Document copied(Document figures, Document to) {
    for (String field : List.of(TallyFields.WRITTEN, TallyFields.ACCOUNTS, TallyFields.DAYS)) {
      to.append(field, figures.get(field));
    }
    return to;
  }
}
