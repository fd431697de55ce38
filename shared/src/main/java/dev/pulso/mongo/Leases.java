package dev.pulso.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import dev.pulso.observe.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.Document;
import org.bson.types.ObjectId;

/**
 * Leases on documents. A lease gives one process the exclusive right to some work for a while. All
 * times are the server's, so a process with a wrong clock neither keeps a lease forever nor fails
 * to get one. The condition is part of the update, not of its filter, because the filter of an
 * upsert cannot contain it.
 */
public final class Leases {
  /**
   * The token. It grows with every lease on a document, and never falls, even if the document is
   * deleted.
   */
  public static final String TOKEN = "token";

  /** When the lease expires; missing: it is free. */
  public static final String UNTIL = "lease_until";

  /** When the lease was last taken. */
  public static final String LEASED_AT = "leased_at";

  private static final String HOLDER = "holder";
  private static final Document EPOCH = new Document("$toDate", 0L);

  private Leases() {}

  /**
   * The right of one process to do what a document stands for, until it runs out.
   *
   * @param token orders the leases on one document, over all processes
   * @param takenAt when it was taken, by the server's clock
   * @param before what the document said when the lease was taken
   */
  public record Lease<T>(long token, Instant takenAt, T before) {

    /** Returns the same lease on what the document means. */
    public <U> Lease<U> map(Function<T, U> reader) {
      return new Lease<>(token, takenAt, reader.apply(before));
    }
  }

  /**
   * Takes the lease on a document, unless another process has it. Creates the document if it is
   * missing.
   *
   * @param lengthMs an expression for its duration in ms
   * @param condition an additional aggregation expression that must be true
   * @param patience how long another program's transaction may block the document
   * @throws MongoException a timeout when it is blocked for longer
   */
  public static Optional<Lease<Document>> take(
      MongoCollection<Document> collection,
      Object id,
      Object lengthMs,
      Object condition,
      Duration patience) {
    ObjectId holder = UniqueIds.next();
    try {
      Document after =
          Db.within(patience, collection)
              .findOneAndUpdate(
                  eq("_id", id),
                  update(holder, lengthMs, condition),
                  new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
      return holder.equals(after.get(HOLDER)) ? Optional.of(lease(after)) : Optional.empty();
    } catch (MongoException e) {
      if (ServerErrors.isDuplicateKey(e)) {
        // Another process created the document at the same moment, and has the lease.
        return Optional.empty();
      }
      if (ServerErrors.mayHaveLanded(e)) {
        releaseUnheard(collection, List.of(id), holder);
      }
      throw e;
    }
  }

  /**
   * Inserts a document, durably, with the lease on it taken: nobody can get it before.
   *
   * @param fields expressions
   */
  public static Lease<Document> insert(
      MongoCollection<Document> collection, Object id, Document fields, Object lengthMs) {
    List<Document> pipeline = new ArrayList<>(List.of(new Document("$set", fields)));
    pipeline.addAll(update(UniqueIds.next(), lengthMs, true));
    return lease(
        collection.findOneAndUpdate(
            eq("_id", id),
            pipeline,
            new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER)));
  }

  /**
   * Takes leases on many documents in two round trips. Leaves out those that are taken or locked.
   */
  public static List<Lease<Document>> takeAll(
      MongoCollection<Document> collection, List<?> ids, Object lengthMs, Object condition) {
    ObjectId holder = UniqueIds.next();
    List<UpdateOneModel<Document>> updates = new ArrayList<>();
    for (Object id : ids) {
      updates.add(
          new UpdateOneModel<>(
              eq("_id", id),
              update(holder, lengthMs, condition),
              new UpdateOptions().upsert(true)));
    }
    Duration patience = IndependentWrites.UNHURRIED;
    Set<Integer> late =
        IndependentWrites.write(Db.within(patience, collection), updates, patience).late();
    List<Lease<Document>> leases = new ArrayList<>();
    collection.find(and(in("_id", ids), eq(HOLDER, holder))).map(Leases::lease).into(leases);
    Set<Object> unheard =
        late.stream().map(ids::get).collect(Collectors.toCollection(HashSet::new));
    leases.forEach(lease -> unheard.remove(lease.before().get("_id")));
    if (!unheard.isEmpty()) {
      releaseUnheard(collection, unheard, holder);
    }
    return leases;
  }

  /**
   * Releases leases that may have been taken although their caller has given up: they would keep
   * all others out until they expire. Does not keep the caller waiting. Releases twice, because a
   * busy server may take them later than the first time, or not answer the first release.
   */
  private static void releaseUnheard(
      MongoCollection<Document> collection, Collection<?> ids, ObjectId holder) {
    Thread.startVirtualThread(
        () -> {
          releaseAll(collection, ids, holder);
          LockSupport.parkNanos(IndependentWrites.UNHURRIED.toNanos());
          releaseAll(collection, ids, holder);
        });
  }

  private static void releaseAll(
      MongoCollection<Document> collection, Collection<?> ids, ObjectId holder) {
    try {
      Db.within(IndependentWrites.UNHURRIED, collection)
          .updateMany(
              and(in("_id", ids), eq(HOLDER, holder)),
              new Document("$unset", new Document(UNTIL, "")));
    } catch (RuntimeException e) {
      // The client may be closed meanwhile.
      Log.error("lease_not_released", json -> json.text("failure", Log.describe(e)));
    }
  }

  private static List<Document> update(ObjectId holder, Object lengthMs, Object condition) {
    Document nextToken =
        op("$max", new Document("$toLong", "$$NOW"), op("$add", orElse(TOKEN, 0L), 1L));
    Document takes = op("$and", new Document("$not", isHeld()), condition);
    return List.of(
        new Document(
            "$set",
            new Document(TOKEN, ifThen(takes, nextToken, TOKEN))
                .append(HOLDER, ifThen(takes, holder, HOLDER))
                .append(LEASED_AT, ifThen(takes, "$$NOW", LEASED_AT))
                .append(UNTIL, ifThen(takes, op("$add", "$$NOW", lengthMs), UNTIL))));
  }

  private static Lease<Document> lease(Document document) {
    return new Lease<>(
        document.getLong(TOKEN), Lenient.time(document.get(LEASED_AT)).orElseThrow(), document);
  }

  /** Returns an expression for whether the lease is taken. */
  public static Document isHeld() {
    return op("$gte", orEpoch(UNTIL), "$$NOW");
  }

  /** Returns an expression for a field, or for a default if it is missing. */
  public static Document orElse(String field, Object otherwise) {
    return op("$ifNull", "$" + field, otherwise);
  }

  /** Returns an expression for a time field, or for the epoch if it is missing. */
  public static Document orEpoch(String field) {
    return orElse(field, EPOCH);
  }

  /** Releases a lease, if it is still the latest. */
  public static void release(MongoCollection<Document> collection, Object id, long token) {
    collection.updateOne(
        new Document("_id", id).append(TOKEN, token),
        new Document("$unset", new Document(UNTIL, "")));
  }

  /**
   * Extends a lease, from now on.
   *
   * @throws LostLeaseException when it is no longer the latest
   */
  public static void renew(
      MongoCollection<Document> collection, Object id, long token, long lengthMs) {
    Document until = op("$add", "$$NOW", lengthMs);
    long matched =
        collection
            .updateOne(
                new Document("_id", id).append(TOKEN, token),
                List.of(new Document("$set", new Document(UNTIL, until))))
            .getMatchedCount();
    if (matched == 0) {
      throw new LostLeaseException();
    }
  }

  private static Document ifThen(Document condition, Object then, String field) {
    return op("$cond", condition, then, "$" + field);
  }
}
