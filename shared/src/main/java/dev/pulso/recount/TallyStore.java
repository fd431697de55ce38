package dev.pulso.recount;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/** The tallies in the database, and the leases on them. */
final class TallyStore {
  private static final String LEASED = "leased";
  private static final String NO_GROUP = "none";

  /**
   * A recount may take several times what the last one took, before others take it for dead; one
   * whose cost nobody knows yet may take longer.
   */
  private static final Document LENGTH_MS =
      new Document(
          "$min",
          List.of(
              60_000L,
              new Document(
                  "$add",
                  List.of(
                      new Document(
                          "$cond",
                          List.of(
                              new Document("$gt", Arrays.asList("$" + TallyFields.TAKEN_AT, null)),
                              5_000L,
                              15_000L)),
                      new Document(
                          "$multiply",
                          List.of(
                              10L,
                              new Document(
                                  "$add",
                                  List.of(
                                      Leases.orElse(TallyFields.COUNT_COST_MS, 0L),
                                      Leases.orElse(TallyFields.SUMS_COST_MS, 0L)))))))));

  private final Db db;

  TallyStore(Db db) {
    this.db = db;
  }

  /**
   * How a group stands right now.
   *
   * @param isLeased whether somebody recounts it
   * @param figuresAt the moment of its figures, sums included; the epoch without any
   * @param token that of its figures
   */
  record State(boolean isLeased, Instant figuresAt, long token) {}

  Optional<Tally> find(JobGroup group) {
    return Optional.ofNullable(db.tallies().find(eq("_id", group.key())).first()).map(Tally::of);
  }

  State state(JobGroup group) {
    Document found =
        db.tallies()
            .find(eq("_id", group.key()))
            .projection(
                new Document(TallyFields.TAKEN_AT, 1)
                    .append(TallyFields.SUMS_AT, 1)
                    .append(TallyFields.WRITTEN, 1)
                    .append(LEASED, Leases.isHeld()))
            .first();
    if (found == null) {
      return new State(false, Instant.EPOCH, 0);
    }
    Instant counted = Lenient.time(found.get(TallyFields.TAKEN_AT)).orElse(Instant.EPOCH);
    Instant summed = Lenient.time(found.get(TallyFields.SUMS_AT)).orElse(Instant.EPOCH);
    return new State(
        Lenient.isTrue(found.get(LEASED)),
        counted.isBefore(summed) ? counted : summed,
        Lenient.count(found.get(TallyFields.WRITTEN)));
  }

  /**
   * Takes the lease on a group unless somebody holds it, or its last recount is too young.
   *
   * @param rest how long to leave the group alone after its last recount, besides its share
   */
  Optional<Lease> lease(JobGroup group, Duration rest) {
    return lease(group, isRested(rest));
  }

  /** Takes the lease on a group unless somebody holds it. */
  Optional<Lease> lease(JobGroup group) {
    return lease(group, new Document("$literal", true));
  }

  /** Takes the lease on a group unless somebody holds it, or its figures are of after that. */
  Optional<Lease> leaseUnlessSince(JobGroup group, Instant asOf) {
    return lease(group, new Document("$not", isSince(asOf)));
  }

  /** Nor is one taken while a transaction of somebody holds the tally. */
  private Optional<Lease> lease(JobGroup group, Document condition) {
    try {
      return Leases.take(leases(), group.key(), LENGTH_MS, condition, IndependentWrites.PATIENCE)
          .map(TallyStore::lease);
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * A lease that a crash takes away is of no account: two may count at once then, and whoever began
   * later has the greater token.
   */
  private MongoCollection<Document> leases() {
    return db.tallies().withWriteConcern(WriteConcern.W1);
  }

  /**
   * Waits until every snapshot holds what was acknowledged until now, whatever its write concern. A
   * write that changes nothing waits for the latest one of all.
   */
  void awaitSnapshot() {
    db.tallies()
        .withWriteConcern(WriteConcern.MAJORITY)
        .updateOne(eq("_id", NO_GROUP), new Document("$unset", new Document(LEASED, "")));
  }

  /** The same for many groups at once; those that can't be had are left out. */
  List<Lease> leaseAll(Collection<JobGroup> groups, Duration rest) {
    List<Document> keys = groups.stream().map(JobGroup::key).toList();
    return Leases.takeAll(leases(), keys, LENGTH_MS, isRested(rest)).stream()
        .map(TallyStore::lease)
        .toList();
  }

  private static Lease lease(Leases.Lease taken) {
    return new Lease(taken.token(), taken.at(), Tally.of(taken.document()));
  }

  /** Both counts and sums are of after that moment. */
  private static Document isSince(Instant asOf) {
    List<Document> both =
        List.of(Leases.orEpoch(TallyFields.TAKEN_AT), Leases.orEpoch(TallyFields.SUMS_AT));
    return new Document("$gt", List.of(new Document("$min", both), Date.from(asOf)));
  }

  /** Now is at least {@code rest}, and what the share says, after the last recount. */
  private static Document isRested(Duration rest) {
    Document share =
        new Document(
            "$multiply",
            List.of(
                new Document("$ifNull", List.of("$" + TallyFields.COUNT_COST_MS, 0)),
                CountingShare.afterCounting(Duration.ofMillis(1)).toMillis()));
    Document pause = new Document("$max", List.of(rest.toMillis(), share));
    return new Document(
        "$gte",
        List.of(
            "$$NOW", new Document("$add", List.of(Leases.orEpoch(TallyFields.TAKEN_AT), pause))));
  }

  /**
   * Stores recounts unless later ones are stored already, and gives their leases back.
   *
   * @param figures those of each lease
   * @return the leases whose figures somebody held up for longer than that
   */
  List<Lease> store(List<Lease> leases, List<Document> figures, Duration patience) {
    List<WriteModel<Document>> writes = new ArrayList<>();
    for (int i = 0; i < leases.size(); i++) {
      writes.add(store(leases.get(i), figures.get(i)));
    }
    Set<Integer> heldUp =
        IndependentWrites.write(db.tallies().withWriteConcern(WriteConcern.W1), writes, patience);
    return heldUp.stream().map(leases::get).toList();
  }

  private static WriteModel<Document> store(Lease lease, Document figures) {
    Document mine = new Document("$eq", List.of("$" + Leases.TOKEN, lease.token()));
    Document set =
        figures
            .append(TallyFields.WRITTEN, lease.token())
            .append(TallyFields.OPEN_SEQ, Long.MAX_VALUE)
            .append(
                Leases.UNTIL, new Document("$cond", List.of(mine, "$$REMOVE", "$" + Leases.UNTIL)));
    return new UpdateOneModel<>(
        and(
            eq("_id", lease.group().key()),
            or(exists(TallyFields.WRITTEN, false), lt(TallyFields.WRITTEN, lease.token()))),
        List.of(new Document("$set", set)));
  }

  /** Gives a lease back without a recount. */
  void release(Lease lease) {
    Leases.release(db.tallies(), lease.group().key(), lease.token());
  }
}
