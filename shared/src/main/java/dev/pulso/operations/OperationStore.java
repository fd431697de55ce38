package dev.pulso.operations;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.elemMatch;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.currentDate;
import static com.mongodb.client.model.Updates.max;
import static com.mongodb.client.model.Updates.unset;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.AuditLog;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.UniqueIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The collection of operations. */
final class OperationStore {
  private static final String ID = "_id";
  private static final String ACTION = "action";
  private static final String REASON = "reason";
  private static final String CREATED_AT = "created_at";
  private static final String BATCHES = "batches";
  private static final String CHANGES = "changes";
  private static final String UNCHANGED = "unchanged";

  /** Accounts of the selected batches; null stands for batches without one. */
  private static final String ACCOUNTS = "accounts";

  private static final String UNFINISHED = "unfinished";
  private static final String DONE = "done";
  private static final String JOBS_CANCELLED = "jobs_cancelled";
  private static final String FINISHED_AT = "finished_at";

  private final Db db;

  OperationStore(Db db) {
    this.db = db;
  }

  /** Stores an operation, durably: this is its commit point. Takes the lease on it, too. */
  Leases.Lease<StoredOperation> insert(
      OperationRequest request, Selection selection, Origin origin, Duration lease) {
    Document fields =
        AuditLog.fields(origin)
            .append(ACTION, request.action().value())
            .append(REASON, request.reason().orElse(null))
            .append(BATCHES, selection.ids())
            .append(CHANGES, selection.changing().size())
            .append(UNCHANGED, selection.unchanged())
            .append(ACCOUNTS, selection.accounts())
            .append(UNFINISHED, true);
    fields.replaceAll((name, value) -> literal(value));
    fields.append(CREATED_AT, "$$NOW");
    return Leases.insert(db.operations(), UniqueIds.next(), fields, lease.toMillis())
        .map(OperationStore::read);
  }

  /** Finds an operation if the caller may see all of its batches, or began it and it has none. */
  Optional<Operation> find(Caller caller, ObjectId id) {
    return Optional.ofNullable(
            db.operations()
                .find(and(eq(ID, id), isVisible(caller)))
                .projection(Projections.exclude(BATCHES, ACCOUNTS))
                .first())
        .map(OperationStore::progress);
  }

  private static Bson isVisible(Caller caller) {
    // On batches, also an own operation hides: the caller's accounts may be others now.
    Bson isOwnOnNone =
        and(
            in(AuditLog.ACTOR, caller.subject().stream().toList()),
            eq(CHANGES, 0),
            eq(UNCHANGED, 0));
    return caller
        .accounts()
        .only()
        .map(ids -> elemMatch(ACCOUNTS, new Document("$nin", List.copyOf(ids))))
        .map(foreign -> or(not(foreign), isOwnOnNone))
        .orElse(empty());
  }

  /**
   * Returns the ids of unfinished operations, in turn: those first that nobody has carried on for
   * longest.
   */
  List<ObjectId> unfinished(int most) {
    return db.operations()
        .find(eq(UNFINISHED, true))
        .projection(Projections.include(ID))
        .sort(Sorts.ascending(Leases.LEASED_AT, ID))
        .limit(most)
        .map(stored -> stored.getObjectId(ID))
        .into(new ArrayList<>());
  }

  /** Takes the lease on an unfinished operation, unless another process has it. */
  Optional<Leases.Lease<StoredOperation>> lease(ObjectId id, Duration length) {
    Document isUnfinished = op("$eq", "$" + UNFINISHED, true);
    return Leases.take(
            db.operations(), id, length.toMillis(), isUnfinished, IndependentWrites.UNHURRIED)
        .map(lease -> lease.map(OperationStore::read));
  }

  void release(Leases.Lease<StoredOperation> lease) {
    Leases.release(db.operations(), lease.before().id(), lease.token());
  }

  /**
   * Notes how far an operation is. Several processes may do so; the numbers never fall. Of a
   * finished one, nobody needs the list of batches any more, which may have 90 KB.
   */
  void progress(ObjectId id, long done, long jobsCancelled, boolean isFinished) {
    Bson progress = combine(max(DONE, done), max(JOBS_CANCELLED, jobsCancelled));
    db.operations()
        .updateOne(
            and(eq(ID, id), eq(UNFINISHED, true)),
            isFinished
                ? combine(progress, currentDate(FINISHED_AT), unset(UNFINISHED), unset(BATCHES))
                : progress);
  }

  private static StoredOperation read(Document stored) {
    return new StoredOperation(
        stored.getObjectId(ID),
        BatchAction.of(stored.getString(ACTION)).orElseThrow(),
        Lenient.text(stored.get(REASON)),
        AuditLog.origin(stored),
        stored.getDate(CREATED_AT).toInstant(),
        stored.getList(BATCHES, Object.class, List.of()));
  }

  private static Operation progress(Document stored) {
    long changes = Lenient.count(stored.get(CHANGES));
    long done = Lenient.count(stored.get(DONE));
    Optional<Instant> finishedAt = Lenient.time(stored.get(FINISHED_AT));
    // Others decided about these after the operation was stored, or deleted them.
    long overtaken = finishedAt.isPresent() ? Math.max(0, changes - done) : 0;
    return new Operation(
        stored.getObjectId(ID).toHexString(),
        stored.getString(ACTION),
        Lenient.text(stored.get(REASON)),
        AuditLog.origin(stored).actor(),
        stored.getDate(CREATED_AT).toInstant(),
        changes,
        done,
        Lenient.count(stored.get(UNCHANGED)) + overtaken,
        Lenient.count(stored.get(JOBS_CANCELLED)),
        finishedAt);
  }
}
