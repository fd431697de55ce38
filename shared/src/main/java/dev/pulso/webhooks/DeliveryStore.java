package dev.pulso.webhooks;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.nin;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.regex;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.FindIterable;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** The collection of deliveries, which is also the queue of those that wait. */
final class DeliveryStore {
  static final String ID = "_id";
  static final String WEBHOOK_ID = "webhook_id";
  static final String TYPE = "type";
  static final String BODY = "body";
  static final String STATUS = "status";
  static final String ATTEMPTS = "attempts";

  /** How many of the attempts were made before it was sent again by hand. */
  static final String EARLIER_ATTEMPTS = "earlier_attempts";

  static final String CREATED_AT = "created_at";
  static final String LAST_AT = "last_at";
  static final String RESPONSE_STATUS = "response_status";
  static final String ERROR = "error";
  static final String TOOK_MS = "took_ms";
  static final String GIVE_UP_AT = "give_up_at";

  /** When it is due; in an attempt, when its sender counts as dead. Only while it is pending. */
  static final String NEXT_AT = "next_at";

  static final String PENDING = "pending";
  static final String SUCCEEDED = "succeeded";
  static final String FAILED = "failed";

  /** Error of a delivery that cannot be sent as it is. */
  private static final String DAMAGED = "damaged";

  private static final FindOneAndUpdateOptions AFTER =
      new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

  private final Db db;

  DeliveryStore(Db db) {
    this.db = db;
  }

  /** Returns a new delivery that is due at once. */
  static Document due(
      String id, String webhook, String type, String body, Instant at, Duration patience) {
    return new Document(ID, id)
        .append(WEBHOOK_ID, webhook)
        .append(TYPE, type)
        .append(BODY, body)
        .append(STATUS, PENDING)
        .append(ATTEMPTS, 0)
        .append(CREATED_AT, Date.from(at))
        .append(NEXT_AT, Date.from(at))
        .append(GIVE_UP_AT, Date.from(at.plus(patience)));
  }

  /** Inserts deliveries, durably, except for those that exist. */
  void insert(List<Document> deliveries) {
    if (deliveries.isEmpty()) {
      return;
    }
    try {
      db.deliveries().insertMany(deliveries, new InsertManyOptions().ordered(false));
    } catch (MongoBulkWriteException e) {
      if (!ServerErrors.areDuplicateKeys(e)) {
        throw e;
      }
    }
  }

  /** A delivery that is due. */
  record Due(String id, String webhookId, Date nextAt) {}

  /**
   * Returns deliveries that are due, the longest due first. Sets those aside that another program
   * damaged: they would be in the way for ever.
   *
   * @param except webhooks that get no more now
   */
  List<Due> due(Instant now, Collection<String> except, int most) {
    List<Due> due = new ArrayList<>();
    // Read before any is written: the time limit of a request holds for a whole cursor.
    for (Document waiting : waiting(now, except).limit(most).into(new ArrayList<>())) {
      if (waiting.get(ID) instanceof String id
          && waiting.get(WEBHOOK_ID) instanceof String webhook
          && waiting.get(NEXT_AT) instanceof Date nextAt) {
        due.add(new Due(id, webhook, nextAt));
      } else {
        setAside(waiting);
      }
    }
    return due;
  }

  private FindIterable<Document> waiting(Instant now, Collection<String> except) {
    return db.deliveries()
        .find(and(eq(STATUS, PENDING), lte(NEXT_AT, Date.from(now)), nin(WEBHOOK_ID, except)))
        .sort(Sorts.ascending(NEXT_AT))
        .projection(Projections.include(WEBHOOK_ID, NEXT_AT));
  }

  private void setAside(Document damaged) {
    db.deliveries()
        .updateOne(
            and(eq(ID, damaged.get(ID)), eq(STATUS, PENDING)),
            Updates.combine(
                Updates.set(STATUS, FAILED), Updates.set(ERROR, DAMAGED), Updates.unset(NEXT_AT)));
  }

  /** Begins an attempt, unless another process did, or another program damaged the delivery. */
  Optional<Attempt> begin(Due due) {
    Document found =
        db.deliveries()
            .findOneAndUpdate(
                and(eq(ID, due.id), eq(STATUS, PENDING), eq(NEXT_AT, due.nextAt)),
                List.of(new Document("$set", Attempt.BEGUN)),
                AFTER);
    if (found == null) {
      return Optional.empty();
    }
    Optional<Attempt> attempt = Attempt.read(found);
    if (attempt.isEmpty()) {
      setAside(found);
    }
    return attempt;
  }

  /** Ends an attempt that was the last one, if it is still the latest. */
  void end(Attempt attempt, String status, Result result) {
    write(attempt, Updates.set(STATUS, status), Updates.unset(NEXT_AT), result);
  }

  /** Ends an attempt that another one follows. */
  void retry(Attempt attempt, Instant nextAt, Result result) {
    write(
        attempt,
        Updates.set(NEXT_AT, Date.from(nextAt)),
        Updates.set(GIVE_UP_AT, Date.from(attempt.giveUpAt())),
        result);
  }

  /** Returns whether this attempt is the latest, and nobody asked for another one meanwhile. */
  boolean isLatest(Attempt attempt) {
    return db.deliveries().find(latest(attempt)).projection(new Document(ID, 1)).first() != null;
  }

  private static Bson latest(Attempt attempt) {
    return and(
        eq(ID, attempt.deliveryId()),
        eq(STATUS, PENDING),
        eq(ATTEMPTS, attempt.number()),
        eq(NEXT_AT, Date.from(attempt.until())));
  }

  private void write(Attempt attempt, Bson first, Bson second, Result result) {
    db.deliveries()
        .updateOne(
            latest(attempt),
            Updates.combine(
                first,
                second,
                Updates.set(RESPONSE_STATUS, result.status().orElse(null)),
                Updates.set(ERROR, result.error().orElse(null)),
                Updates.set(TOOK_MS, result.took().toMillis())));
  }

  /** Makes a delivery due again, for as many days as a new one. */
  Optional<Delivery> again(String webhook, String id, Duration patience) {
    Document due =
        new Document(STATUS, PENDING)
            .append(EARLIER_ATTEMPTS, "$" + ATTEMPTS)
            .append(NEXT_AT, "$$NOW")
            .append(GIVE_UP_AT, Db.later(patience));
    return Optional.ofNullable(
            db.deliveries()
                .findOneAndUpdate(
                    and(eq(ID, id), eq(WEBHOOK_ID, webhook)),
                    List.of(new Document("$set", due)),
                    AFTER))
        .map(Delivery::read);
  }

  /** A place in the list of a webhook's deliveries. */
  record Place(Instant createdAt, String id) {}

  /** Returns deliveries of a webhook, the newest first. */
  List<Delivery> list(String webhook, Optional<String> status, Optional<Place> after, int most) {
    List<Bson> filters =
        new ArrayList<>(List.of(eq(WEBHOOK_ID, webhook), regex(ID, "^" + DeliveryPage.ID + "$")));
    status.ifPresent(only -> filters.add(eq(STATUS, only)));
    after.ifPresent(
        place -> {
          Date at = Date.from(place.createdAt);
          filters.add(or(lt(CREATED_AT, at), and(eq(CREATED_AT, at), lt(ID, place.id))));
        });
    return db.deliveries()
        .find(and(filters))
        .projection(Projections.exclude(BODY))
        .sort(Sorts.orderBy(Sorts.descending(CREATED_AT), Sorts.descending(ID)))
        .limit(most)
        .map(Delivery::read)
        .into(new ArrayList<>());
  }

  /** Returns since when the longest waiting delivery is due; empty if none is. */
  Optional<Instant> oldestDue(Instant now) {
    return Optional.ofNullable(waiting(now, List.of()).first())
        .flatMap(due -> Lenient.time(due.get(NEXT_AT)));
  }
}
