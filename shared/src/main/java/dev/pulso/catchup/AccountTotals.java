package dev.pulso.catchup;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.TallyFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Adds tallies up, account by account, at the end of each catch-up: an overview then reads one
 * small document, however many batches there are, and its figures are all of one look.
 */
public final class AccountTotals {
  /** Figures of all accounts together, as the progress of counting keeps them. */
  public static final String ALL = "all";

  /** Orders the runs that added up; every document of these totals has it. */
  public static final String TOKEN = "token";

  private static final List<String> SUMMED =
      List.of(TallyFields.PENDING, TallyFields.COMPLETED, TallyFields.FAILED, TallyFields.TODAY);

  private final Db db;

  AccountTotals(Db db) {
    this.db = db;
  }

  /**
   * Adds up, and stores what each account has.
   *
   * @param token orders runs: a late one does not overwrite what a later one stored
   * @return the same of all accounts together
   */
  Document refresh(long token, Instant midnight) {
    List<WriteModel<Document>> writes = new ArrayList<>();
    long[] all = new long[SUMMED.size()];
    for (Document account : db.tallies().aggregate(pipeline(midnight)).batchSize(10_000)) {
      for (int i = 0; i < all.length; i++) {
        all[i] += Lenient.count(account.get(SUMMED.get(i)));
      }
      writes.add(store(account.append(TOKEN, token), token));
    }
    if (!writes.isEmpty()) {
      db.totals().bulkWrite(writes, new BulkWriteOptions().ordered(false));
    }
    db.totals().deleteMany(Filters.lt(TOKEN, token));
    Document sum = new Document();
    for (int i = 0; i < all.length; i++) {
      sum.append(SUMMED.get(i), all[i]);
    }
    return sum;
  }

  private static List<Bson> pipeline(Instant midnight) {
    String of = "$" + TallyFields.ACCOUNTS + ".";
    Document today =
        new Document(
            "$cond",
            List.of(
                new Document("$eq", List.of("$" + TallyFields.DAY, Date.from(midnight))),
                of + TallyFields.TODAY,
                0L));
    return List.of(
        Aggregates.unwind("$" + TallyFields.ACCOUNTS),
        Aggregates.group(
            of + "id",
            Accumulators.sum(TallyFields.PENDING, of + TallyFields.PENDING),
            Accumulators.sum(TallyFields.COMPLETED, of + TallyFields.COMPLETED),
            Accumulators.sum(TallyFields.FAILED, of + TallyFields.FAILED),
            Accumulators.sum(TallyFields.TODAY, today)));
  }

  private static WriteModel<Document> store(Document account, long token) {
    Document isLater = new Document("$gt", List.of("$" + TOKEN, token));
    return new UpdateOneModel<>(
        Filters.eq("_id", account.get("_id")),
        List.of(
            new Document(
                "$replaceWith",
                new Document(
                    "$cond", List.of(isLater, "$$ROOT", new Document("$literal", account))))),
        new UpdateOptions().upsert(true));
  }
}
