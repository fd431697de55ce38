package dev.pulso.batch;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import dev.pulso.access.Accounts;
import dev.pulso.mongo.Db;
import dev.pulso.observe.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Reads batches, one round trip each. The caller passes the visible accounts; other batches count
 * as missing.
 */
public final class Batches {
  /** Most batches with one batch_id: more than one is an error in the data. */
  public static final int MOST_TWINS = 100;

  /** The fields that a poll needs, and the server's clock. Polls run all day, so no others. */
  public static final BsonDocument POLLED =
      projection(
          BatchFields.BATCH_ID,
          BatchFields.ACCOUNT_ID,
          BatchFields.IS_ACTIVE,
          BatchFields.TOTAL_JOBS,
          BatchFields.PENDING_JOBS,
          BatchFields.COMPLETED_JOBS,
          BatchFields.FAILED_JOBS,
          BatchFields.SUSPENDED_JOBS,
          BatchFields.TOTAL_COST,
          BatchFields.TOTAL_MINUTES,
          BatchFields.STARTED_AT,
          BatchFields.COMPLETED_AT,
          BatchFields.CANCELLED_AT,
          BatchFields.COUNTERS,
          BatchFields.DUE_AT);

  /** The fields of a poll, and the one that tells a batch that was cancelled before Pulso came. */
  public static final BsonDocument PUSHED =
      POLLED.clone().append(BatchFields.CANCELLATION_REASON, new BsonInt32(1));

  /** The fields that all other operations need, and the server's clock. */
  public static final BsonDocument WHOLE =
      projection(
          BatchFields.BATCH_ID,
          BatchFields.ACCOUNT_ID,
          BatchFields.NAME,
          BatchFields.DESCRIPTION,
          BatchFields.IS_ACTIVE,
          BatchFields.PRIORITY,
          BatchFields.TOTAL_JOBS,
          BatchFields.PENDING_JOBS,
          BatchFields.COMPLETED_JOBS,
          BatchFields.FAILED_JOBS,
          BatchFields.SUSPENDED_JOBS,
          BatchFields.TOTAL_COST,
          BatchFields.TOTAL_MINUTES,
          BatchFields.ESTIMATED_COST,
          BatchFields.CREATED_AT,
          BatchFields.STARTED_AT,
          BatchFields.COMPLETED_AT,
          BatchFields.CANCELLED_AT,
          BatchFields.CANCELLATION_REASON,
          BatchFields.PULSO);

  /** The fields that a choice of many batches needs, and the server's clock. */
  private static final BsonDocument CHOSEN =
      PUSHED.clone().append(BatchFields.NAME, new BsonInt32(1));

  /** More candidates than one address can have, even if batch_ids are not unique. */
  private static final int MOST_CANDIDATES = 20;

  /** More than a page has. The server would reply 101, then wait to be asked for the others. */
  private static final int ONE_REPLY = 1_000;

  private final Db db;

  public Batches(Db db) {
    this.db = db;
  }

  /**
   * Changes a visible batch in one update, so that related changes are atomic and no lock outlives
   * a process.
   *
   * @param fields expressions of a pipeline's {@code $set}
   * @return the batch after the change
   */
  public Optional<Batch> change(Accounts visible, Bson filter, Document fields) {
    return Optional.ofNullable(
            db.batches()
                .findOneAndUpdate(
                    narrowed(filter, visible),
                    BatchFields.setting(fields),
                    new FindOneAndUpdateOptions()
                        .projection(WHOLE)
                        .returnDocument(ReturnDocument.AFTER)))
        .map(Batch::new);
  }

  /** Restricts a filter of batches, jobs or audit entries to these accounts. */
  public static Bson narrowed(Bson filter, Accounts accounts) {
    return accounts
        .only()
        .map(
            ids ->
                Filters.and(
                    filter,
                    Filters.in(BatchFields.ACCOUNT_ID, ids),
                    isNoArray(BatchFields.ACCOUNT_ID)))
        .orElse(filter);
  }

  /** Finds the addressed batch; the {@code _id} wins. */
  public Optional<Batch> find(Accounts visible, BatchAddress address) {
    return find(visible, address, WHOLE);
  }

  /** Finds the addressed batch with these fields only. */
  public Optional<Batch> find(Accounts visible, BatchAddress address, BsonDocument fields) {
    List<Document> candidates =
        db.batches()
            .find(narrowed(BatchAddress.filter(List.of(address)), visible))
            .projection(fields)
            .limit(MOST_CANDIDATES)
            .into(new ArrayList<>());
    Optional<Batch> asked =
        BatchAddress.addressed(List.of(address), candidates).stream().findFirst().map(Batch::new);
    asked.ifPresent(batch -> Observation.current().batch(batch.name(), batch.accountId()));
    return asked;
  }

  /** Finds the addressed batches, each once. Leaves out those that are not visible. */
  public List<Batch> findAll(Accounts visible, List<BatchAddress> addresses) {
    List<Document> candidates =
        db.batches()
            .find(narrowed(BatchAddress.filter(addresses), visible))
            .projection(CHOSEN)
            .into(new ArrayList<>());
    return BatchAddress.addressed(addresses, candidates).stream().map(Batch::new).toList();
  }

  /**
   * Finds at most so many batches, with the fields of a choice only.
   *
   * @param filter with the caller's rights
   */
  public List<Batch> findAll(Bson filter, int most) {
    return findSome(filter, CHOSEN, most);
  }

  /** Counts batches. */
  public long count(Bson filter) {
    return db.batches().countDocuments(filter);
  }

  /** Reads a batch again. */
  public Optional<Batch> find(Accounts visible, Object id) {
    return find(visible, id, WHOLE);
  }

  /** Reads a batch again with these fields only. */
  public Optional<Batch> find(Accounts visible, Object id, BsonDocument fields) {
    // The driver's eq would take a document from a cursor for operators.
    Bson byId = narrowed(new Document(BatchFields.ID, new Document("$eq", id)), visible);
    return Optional.ofNullable(db.batches().find(byId).projection(fields).limit(1).first())
        .map(Batch::new);
  }

  /** Finds at most so many batches of any account. */
  public List<Batch> findSome(Bson filter, int most) {
    return findSome(filter, WHOLE, most);
  }

  /** Finds at most so many batches of any account, with these fields only. */
  public List<Batch> findSome(Bson filter, BsonDocument fields, int most) {
    return db.batches()
        .find(filter)
        .projection(fields)
        .limit(most)
        .map(Batch::new)
        .into(new ArrayList<>());
  }

  /** Runs a pipeline that returns batches, with the fields that it projects. */
  public List<Batch> aggregate(List<Bson> pipeline, Duration timeout) {
    return Db.within(timeout, db.batches())
        .aggregate(pipeline)
        .batchSize(ONE_REPLY)
        .map(Batch::new)
        .into(new ArrayList<>());
  }

  /**
   * Finds the first batches of any account in an order.
   *
   * @param fields those of {@link #WHOLE} among them
   */
  public List<Batch> find(
      Bson filter, Bson sort, Bson fields, Optional<Bson> hint, int most, Duration timeout) {
    return Db.within(timeout, db.batches())
        .find(filter)
        .sort(sort)
        .projection(fields)
        .hint(hint.orElse(null))
        .limit(most)
        .batchSize(ONE_REPLY)
        .map(Batch::new)
        .into(new ArrayList<>());
  }

  /** Returns a filter for the batches with a batch_id: several without a unique index. */
  public static Bson withBatchId(String batchId) {
    return Filters.and(Filters.eq(BatchFields.BATCH_ID, batchId), isNoArray(BatchFields.BATCH_ID));
  }

  /** Excludes arrays: any other condition on a field matches each element of an array. */
  public static Bson isNoArray(String field) {
    return Filters.not(isArray(field));
  }

  /** Includes arrays alone. */
  public static Bson isArray(String field) {
    return Filters.type(field, BsonType.ARRAY);
  }

  private static BsonDocument projection(String... fields) {
    BsonDocument projection = new BsonDocument();
    for (String field : fields) {
      projection.append(field, new BsonInt32(1));
    }
    return projection.append(Batch.NOW, new BsonString("$$NOW"));
  }
}
