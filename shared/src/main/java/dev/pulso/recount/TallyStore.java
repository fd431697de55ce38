package dev.pulso.recount;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.WriteConcern;
import com.mongodb.client.model.Filters;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** The tallies in the database, and the leases on them. */
final class TallyStore {

  private static final String LEASED = "leased";

  private final Db db;

  TallyStore(Db db) {
    this.db = db;
  }

  /**
   * How a group stands right now.
   *
   * @param isLeased whether somebody recounts it
   * @param figuresAt the moment of its figures, sums included; the epoch without any
   */
  record State(boolean isLeased, Instant figuresAt) {}

  State state(JobGroup group) {
    Document found =
        db.tallies()
            .find(eq("_id", group.key()))
            .projection(
                new Document(TallyFields.TAKEN_AT, 1)
                    .append(TallyFields.SUMS_AT, 1)
                    .append(LEASED, Leases.isHeld()))
            .first();
    if (found == null) {
      return new State(false, Instant.EPOCH);
    }
    Instant counted = Lenient.time(found.get(TallyFields.TAKEN_AT)).orElse(Instant.EPOCH);
    Instant summed = Lenient.time(found.get(TallyFields.SUMS_AT)).orElse(Instant.EPOCH);
    return new State(
        Lenient.isTrue(found.get(LEASED)), counted.isBefore(summed) ? counted : summed);
  }

  /** All tallies, without the lease they may be under. */
  List<Tally> all() {
    List<Tally> all = new ArrayList<>();
    db.tallies().find().map(Tally::of).into(all);
    return all;
  }

  /**
   * Takes the lease on a group unless somebody holds it, or its last recount is too young.
   *
   * @param length after which others take the lease over
   * @param rest how long to leave the group alone after its last recount, besides its share
   */
  Optional<Lease> lease(JobGroup group, Duration length, Optional<Duration> rest) {
    return Leases.take(
            db.tallies(), group.key(), length, rest.<Object>map(TallyStore::isRested).orElse(true))
        .map(taken -> new Lease(taken.token(), taken.at(), Tally.of(taken.document())));
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

  /** Stores a recount unless one that began later is stored already, and gives its lease back. */
  void store(Lease lease, Document figures) {
    Document mine = new Document("$eq", List.of("$" + Leases.TOKEN, lease.token()));
    Document set =
        figures
            .append(TallyFields.WRITTEN, lease.token())
            .append(
                Leases.UNTIL, new Document("$cond", List.of(mine, "$$REMOVE", "$" + Leases.UNTIL)));
    db.tallies()
        .withWriteConcern(WriteConcern.W1)
        .updateOne(
            and(
                eq("_id", lease.before().group().key()),
                or(exists(TallyFields.WRITTEN, false), lt(TallyFields.WRITTEN, lease.token()))),
            List.of(new Document("$set", set)));
  }

  /** Forgets a group that has no job left. */
  void remove(Lease lease) {
    db.tallies()
        .deleteOne(
            and(eq("_id", lease.before().group().key()), Filters.eq(Leases.TOKEN, lease.token())));
  }

  /** Gives a lease back without a recount. */
  void release(Lease lease) {
    Leases.release(db.tallies(), lease.before().group().key(), lease.token());
  }
}
