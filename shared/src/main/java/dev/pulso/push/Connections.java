package dev.pulso.push;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.regex;
import static com.mongodb.client.model.Filters.type;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.descending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import dev.pulso.mongo.Db;
import dev.pulso.push.Subscription.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.bson.BsonType;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The connected clients in the database. A change sets {@link #NEWS}, so that the pusher finds it;
 * a document that nobody deletes expires.
 */
final class Connections {
  static final String CLAIMS = "claims";
  static final String AUTHORIZED_UNTIL = "authorized_until";
  static final String REVISION = "revision";
  static final String SUBSCRIPTIONS = "subscriptions";
  static final String EXPIRES_AT = "expires_at";
  static final String DISPLACED = "displaced";

  static final String NEWS = "news";
  private static final String SUBJECT = "subject";

  /** The gateway ends a connection after two hours. */
  private static final Duration LONGEST = Duration.ofMinutes(125);

  static final int MOST_OF_A_USER = 10;
  static final int MOST_SUBSCRIPTIONS = 100;

  private final MongoCollection<Document> connections;
  private final Bson isOfGateway;

  Connections(Db db) {
    this(db, "");
  }

  /**
   * @param gateway whose connections {@link #all} and {@link #news} return
   */
  Connections(Db db, String gateway) {
    this.isOfGateway =
        gateway.isEmpty()
            ? and(type("_id", BsonType.STRING), not(regex("_id", "^" + Outbound.RUN)))
            : regex("_id", "^" + Pattern.quote(gateway));
    // Push promises nothing that a crash of the server could break: clients connect again.
    this.connections = db.connections().withWriteConcern(WriteConcern.W1);
  }

  /** Stores a new connection, and displaces the oldest of a user who has too many. */
  void open(String id, Map<String, String> claims) {
    Optional<String> subject = Optional.ofNullable(claims.get("sub"));
    Document fields =
        new Document(CLAIMS, literal(Connection.stored(claims)))
            .append(AUTHORIZED_UNTIL, Connection.end(claims).orElse(null))
            .append(REVISION, 1L)
            .append(NEWS, true)
            .append(SUBSCRIPTIONS, List.of())
            .append(EXPIRES_AT, Db.later(LONGEST));
    subject.ifPresent(user -> fields.append(SUBJECT, literal(user)));
    connections.updateOne(
        eq("_id", id), List.of(new Document("$set", fields)), new UpdateOptions().upsert(true));
    subject.ifPresent(this::displace);
  }

  /**
   * Takes the oldest connections from a user who has too many; the pusher ends them. They may be
   * those of a process or a network that died, so a new one must not wait until they expire. Counts
   * after the insertion: two connections at once leave none too many.
   */
  private void displace(String subject) {
    List<Object> oldest = new ArrayList<>();
    for (Document each :
        connections
            .find(eq(SUBJECT, subject))
            .projection(include("_id"))
            .sort(descending(EXPIRES_AT))
            .skip(MOST_OF_A_USER)) {
      oldest.add(each.get("_id"));
    }
    if (!oldest.isEmpty()) {
      change(in("_id", oldest), combine(set(DISPLACED, true), unset(SUBJECT)));
    }
  }

  /** Returns a connection, if neither it nor its token has ended. */
  Optional<Connection> find(String id) {
    Bson isAuthorized = or(eq(AUTHORIZED_UNTIL, null), isAfterNow(AUTHORIZED_UNTIL));
    return Optional.ofNullable(
            connections.find(and(eq("_id", id), isValid(), isAuthorized)).first())
        .filter(found -> Connection.claims(found).isPresent())
        .map(Connection::of);
  }

  void close(String id) {
    connections.deleteOne(eq("_id", id));
  }

  void closeAll(Collection<String> ids) {
    connections.deleteMany(in("_id", ids));
  }

  /**
   * Adds a subscription, in place of an equal one.
   *
   * @return whether it is there; false if the connection has as many as one may have, or is gone
   */
  boolean subscribe(String id, Kind kind, Optional<String> name, Optional<Object> batch) {
    Bson hasRoom = exists(SUBSCRIPTIONS + "." + (MOST_SUBSCRIPTIONS - 1), false);
    Document revision = op("$add", "$" + REVISION, 1L);
    Document fields =
        new Document(SUBSCRIPTIONS, Subscription.added(kind, name, batch, revision))
            .append(REVISION, revision)
            .append(NEWS, true);
    return connections
            .updateOne(
                and(eq("_id", id), isConnection(), or(isAmong(kind, name), hasRoom)),
                List.of(new Document("$set", fields)))
            .getMatchedCount()
        > 0;
  }

  void unsubscribe(String id, Kind kind, Optional<String> name) {
    Bson remove = pull(SUBSCRIPTIONS, Subscription.key(kind, name));
    change(and(eq("_id", id), isAmong(kind, name)), remove);
  }

  /** Replaces the claims of a connection by those of a newer token of the same user. */
  boolean renew(String id, Map<String, String> claims) {
    Bson renewed =
        combine(
            set(CLAIMS, Connection.stored(claims)),
            set(AUTHORIZED_UNTIL, Connection.end(claims).orElse(null)));
    return change(and(eq("_id", id), eq(SUBJECT, claims.get("sub"))), renewed);
  }

  private boolean change(Bson filter, Bson update) {
    Bson noted = combine(update, inc(REVISION, 1L), set(NEWS, true));
    return connections.updateMany(and(filter, isConnection()), noted).getMatchedCount() > 0;
  }

  /** Returns all connections. */
  List<Connection> all() {
    return connections
        .find(and(isOfGateway, isConnection(), isValid()))
        .map(Connection::of)
        .into(new ArrayList<>());
  }

  /** Returns the connections that changed since they were last {@link #noted}. */
  List<Connection> news() {
    return connections
        .find(and(isOfGateway, eq(NEWS, true), isValid()))
        .map(Connection::of)
        .into(new ArrayList<>());
  }

  /** Notes that the pusher knows these connections, unless they changed meanwhile. */
  void noted(List<Connection> known) {
    List<WriteModel<Document>> writes = new ArrayList<>();
    for (Connection each : known) {
      writes.add(
          new UpdateOneModel<>(
              and(eq("_id", each.id()), eq(REVISION, each.revision())), unset(NEWS)));
    }
    if (!writes.isEmpty()) {
      connections.bulkWrite(writes);
    }
  }

  /** Makes the next pusher tell these connections everything anew. */
  void markAsNews(Collection<String> ids) {
    if (!ids.isEmpty()) {
      connections.updateMany(and(in("_id", ids), isConnection()), set(NEWS, true));
    }
  }

  /** Returns those of these batches that a connection subscribed to. */
  Set<Object> watchedAmong(Collection<Object> batches) {
    String field = SUBSCRIPTIONS + "." + Subscription.BATCH;
    List<Bson> pipeline =
        List.of(
            Aggregates.match(in(field, batches)),
            Aggregates.unwind("$" + SUBSCRIPTIONS),
            Aggregates.match(in(field, batches)),
            Aggregates.group("$" + field));
    return connections.aggregate(pipeline).map(found -> found.get("_id")).into(new HashSet<>());
  }

  private static Bson isAmong(Kind kind, Optional<String> name) {
    return new Document(SUBSCRIPTIONS, new Document("$elemMatch", Subscription.key(kind, name)));
  }

  private static Bson isConnection() {
    return exists(REVISION);
  }

  /** The server deletes expired documents once a minute only. */
  static Bson isValid() {
    return isAfterNow(EXPIRES_AT);
  }

  private static Bson isAfterNow(String field) {
    return expr(op("$gt", "$" + field, "$$NOW"));
  }
}
