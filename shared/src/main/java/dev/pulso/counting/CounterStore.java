package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.WriteConcern;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import dev.pulso.counting.Chunks.Candidate;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;

/** The counter snapshots in the database, and the leases on them. */
final class CounterStore {
  private static final String LEASED = "leased";
  private static final String SINCE = "since";
  private static final String NO_GROUP = "none";
  private static final int ROWS = 1_000;

  /**
   * A recount may take several times what the last one took, before others take it for dead; one
   * whose cost nobody knows yet may take longer.
   */
  private static final Document LEASE_MS = leaseMs();

  private final Db db;

  CounterStore(Db db) {
    this.db = db;
  }

  /**
   * How a group stands right now.
   *
   * @param isLeased whether somebody recounts it
   * @param isSince whether its snapshot, sums included, is of after the moment in question
   * @param token that of its snapshot
   */
  record State(boolean isLeased, boolean isSince, long token) {}

  Optional<CounterSnapshot> find(JobGroup group) {
    return Optional.ofNullable(db.counterSnapshots().find(eq("_id", group.key())).first())
        .map(CounterSnapshot::of);
  }

  State state(JobGroup group, Instant asOf) {
    Document found =
        Lenient.document(
            db.counterSnapshots()
                .find(eq("_id", group.key()))
                .projection(
                    new Document(CounterSnapshot.WRITTEN, 1)
                        .append(SINCE, LeaseConditions.isSince(asOf))
                        .append(LEASED, Leases.isHeld()))
                .first());
    return new State(
        Lenient.isTrue(found.get(LEASED)),
        Lenient.isTrue(found.get(SINCE)),
        Lenient.count(found.get(CounterSnapshot.WRITTEN)));
  }

  /**
   * Takes the lease on a group unless somebody holds it, or its last recount is too young.
   *
   * @param interval the least time since its last recount, if the duty cycle asks for no more
   * @param patience how long a transaction of somebody may hold the snapshot
   */
  Optional<Lease<CounterSnapshot>> lease(JobGroup group, Duration interval, Duration patience) {
    return lease(group, LeaseConditions.isDue(interval), patience);
  }

  /** Takes the lease on a group unless somebody holds it. */
  Optional<Lease<CounterSnapshot>> lease(JobGroup group) {
    return lease(group, literal(true), IndependentWrites.PATIENCE);
  }

  /** Takes the lease on a group unless somebody holds it, or its snapshot is of after that. */
  Optional<Lease<CounterSnapshot>> leaseUnlessSince(JobGroup group, Instant asOf) {
    return lease(
        group, new Document("$not", LeaseConditions.isSince(asOf)), IndependentWrites.PATIENCE);
  }

  /** Nor is one taken while a transaction of somebody holds the snapshot. */
  private Optional<Lease<CounterSnapshot>> lease(
      JobGroup group, Document condition, Duration patience) {
    return ServerErrors.inTime(
        () ->
            Leases.take(leases(), group.key(), LEASE_MS, condition, patience)
                .map(lease -> lease.map(CounterSnapshot::of)),
        Optional.empty());
  }

  /**
   * A lease that a crash takes away is of no account: two may count at once then, and whoever began
   * later has the greater token.
   */
  private MongoCollection<Document> leases() {
    return db.counterSnapshots().withWriteConcern(WriteConcern.W1);
  }

  /**
   * Waits until every snapshot holds what was acknowledged until now, whatever its write concern. A
   * write that changes nothing waits for the latest one of all.
   */
  void awaitMajority() {
    db.counterSnapshots()
        .withWriteConcern(WriteConcern.MAJORITY)
        .updateOne(eq("_id", NO_GROUP), new Document("$unset", new Document(LEASED, "")));
  }

  /** Takes the leases on many groups; leaves out those that it cannot get. */
  List<Lease<CounterSnapshot>> leaseAll(Collection<JobGroup> groups, Duration interval) {
    return leaseAll(groups, LeaseConditions.isDue(interval));
  }

  /** Does the same as often as the duty cycle of counts or sums allows: callers may count first. */
  List<Lease<CounterSnapshot>> leaseAllToSum(Collection<JobGroup> groups) {
    return leaseAll(
        groups, op("$or", LeaseConditions.isDue(Duration.ZERO), LeaseConditions.areSumsDue()));
  }

  private List<Lease<CounterSnapshot>> leaseAll(Collection<JobGroup> groups, Document condition) {
    List<Document> keys = groups.stream().map(JobGroup::key).toList();
    return Leases.takeAll(leases(), keys, LEASE_MS, condition).stream()
        .map(lease -> lease.map(CounterSnapshot::of))
        .toList();
  }

  /**
   * Stores recounts unless later ones are stored already, and gives their leases back.
   *
   * @param snapshots that of each lease
   * @return the leases whose snapshot somebody held up for longer than that, or the server refused
   */
  List<Lease<CounterSnapshot>> store(
      List<Lease<CounterSnapshot>> leases, List<Document> snapshots, Duration patience) {
    List<WriteModel<Document>> writes = new ArrayList<>();
    for (int i = 0; i < leases.size(); i++) {
      writes.add(store(leases.get(i), snapshots.get(i)));
    }
    IndependentWrites.LeftOut leftOut =
        IndependentWrites.write(
            db.counterSnapshots().withWriteConcern(WriteConcern.W1), writes, patience);
    return Stream.concat(leftOut.late().stream(), leftOut.refused().stream())
        .map(leases::get)
        .toList();
  }

  private static WriteModel<Document> store(Lease<CounterSnapshot> lease, Document snapshot) {
    Document mine = op("$eq", "$" + Leases.TOKEN, lease.token());
    Document set =
        snapshot
            .append(CounterSnapshot.WRITTEN, lease.token())
            .append(CounterSnapshot.STORED_AT, "$$NOW")
            .append(CounterSnapshot.OPEN_SEQ, Long.MAX_VALUE)
            .append(Leases.UNTIL, op("$cond", mine, "$$REMOVE", "$" + Leases.UNTIL));
    return new UpdateOneModel<>(
        and(
            eq("_id", lease.before().group().key()),
            or(exists(CounterSnapshot.WRITTEN, false), lt(CounterSnapshot.WRITTEN, lease.token()))),
        List.of(new Document("$set", set)));
  }

  private static Document leaseMs() {
    Document isCounted = op("$gt", "$" + CounterSnapshot.TAKEN_AT, null);
    Document least = op("$cond", isCounted, 5_000L, 15_000L);
    Document lastCost =
        op(
            "$add",
            Leases.orElse(CounterSnapshot.COUNT_COST_MS, 0L),
            Leases.orElse(CounterSnapshot.SUMS_COST_MS, 0L));
    Document times = op("$multiply", 10L, lastCost);
    return op("$min", 60_000L, op("$add", least, times));
  }

  /** Group, time and size of the snapshots taken before that, the oldest first. */
  FindIterable<Document> before(Instant takenAt, Duration timeout) {
    return Db.within(timeout, db.counterSnapshots())
        .find(and(lt(CounterSnapshot.TAKEN_AT, Date.from(takenAt)), JobGroup.isKey()))
        .sort(Sorts.ascending(CounterSnapshot.TAKEN_AT))
        .projection(Projections.include(CounterSnapshot.TAKEN_AT, CounterSnapshot.TOTAL))
        .batchSize(ROWS);
  }

  /** The counted ones of these groups. */
  List<Candidate> counted(Collection<JobGroup> groups, Instant midnight, Duration timeout) {
    return Db.within(timeout, db.counterSnapshots())
        .find(in("_id", groups.stream().map(JobGroup::key).toList()))
        .projection(
            new Document(CounterSnapshot.TAKEN_AT, 1)
                .append(CounterSnapshot.TOTAL, 1)
                .append(CounterSnapshot.COUNTED_FOR_DAY, CounterSnapshot.countedFor(midnight)))
        .batchSize(ROWS)
        .map(Candidate::of)
        .into(new ArrayList<>());
  }

  /** Gives a lease back without a recount. */
  void release(Lease<CounterSnapshot> lease) {
    Leases.release(leases(), lease.before().group().key(), lease.token());
  }
}
