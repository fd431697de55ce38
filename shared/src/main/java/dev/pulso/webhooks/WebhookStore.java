package dev.pulso.webhooks;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.regex;
import static com.mongodb.client.model.Filters.type;
import static com.mongodb.client.model.Projections.include;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import dev.pulso.access.Accounts;
import dev.pulso.batch.Batches;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.UniqueIds;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bson.BsonType;
import org.bson.Document;
import org.bson.conversions.Bson;

/** The collection of webhooks. Their secrets are encrypted. */
final class WebhookStore {
  static final String ID = "_id";
  static final String ACCOUNT_ID = "account_id";
  static final String URL = "url";
  static final String EVENTS = "events";
  static final String CREATED_AT = "created_at";
  static final String CREATED_BY = "created_by";
  static final String DISABLED_AT = "disabled_at";
  static final String DISABLED_REASON = "disabled_reason";

  /** The current secret first. */
  static final String SECRETS = "secrets";

  /** When an older secret ceases to sign. */
  static final String UNTIL = "until";

  /** Other programs may insert anything; without such an id, nobody can address it. */
  private static final Bson WITH_ID = regex(ID, "^wh_");

  /** Time for receivers to change from one secret to the next. */
  private static final Duration BOTH = Duration.ofDays(1);

  /** Each signs each delivery, so their number is limited. */
  private static final int MOST_SECRETS = 5;

  private static final FindOneAndUpdateOptions AFTER =
      new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

  private final Db db;
  private final Secrets secrets;

  WebhookStore(Db db, Secrets secrets) {
    this.db = db;
    this.secrets = secrets;
  }

  /**
   * Inserts a webhook; empty if the account has as many as it may have.
   *
   * @param before gets its id before it is inserted
   */
  Optional<Created> insert(
      String account,
      String url,
      List<String> events,
      Optional<String> by,
      int most,
      Consumer<String> before) {
    String id = "wh_" + UniqueIds.next().toHexString();
    SigningSecret secret = SigningSecret.random();
    Document fields =
        new Document(ACCOUNT_ID, account)
            .append(URL, url)
            .append(EVENTS, events)
            .append(SECRETS, List.of(secrets.encrypted(secret, id)))
            .append(CREATED_BY, by.orElse(null));
    return new Slots(db, most)
        .take(account, () -> before.accept(id), slot -> insert(id, fields.append(Slots.SLOT, slot)))
        .map(webhook -> new Created(webhook, secret.text()));
  }

  private Webhook insert(String id, Document fields) {
    Bson insert =
        new Document("$setOnInsert", fields).append("$currentDate", new Document(CREATED_AT, true));
    FindOneAndUpdateOptions upsert =
        new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER);
    return Webhook.read(db.webhooks().findOneAndUpdate(eq(ID, id), insert, upsert));
  }

  /** Returns whether there is any webhook. */
  boolean isAny() {
    return db.webhooks().find().projection(new Document(ID, 1)).first() != null;
  }

  Optional<Webhook> find(Accounts visible, String id) {
    return read(db.webhooks().find(narrowed(eq(ID, id), visible)).first());
  }

  /** Returns these accounts' webhooks, the oldest first. */
  List<Webhook> list(Accounts visible, int most) {
    return db.webhooks()
        .find(narrowed(new Document(), visible))
        .sort(Sorts.ascending(ID))
        .limit(most)
        .map(Webhook::read)
        .into(new ArrayList<>());
  }

  private static Bson narrowed(Bson filter, Accounts visible) {
    return Batches.narrowed(and(WITH_ID, filter), visible);
  }

  void delete(String id) {
    db.webhooks().deleteOne(eq(ID, id));
  }

  Optional<Webhook> enable(String id) {
    Bson enabled = Updates.combine(Updates.unset(DISABLED_AT), Updates.unset(DISABLED_REASON));
    return read(db.webhooks().findOneAndUpdate(eq(ID, id), enabled, AFTER));
  }

  /** Disables a webhook; the first reason stands. */
  void disable(String id, String reason) {
    db.webhooks()
        .updateOne(
            and(eq(ID, id), not(type(DISABLED_AT, BsonType.DATE_TIME))),
            Updates.combine(
                Updates.currentDate(DISABLED_AT), Updates.set(DISABLED_REASON, reason)));
  }

  /**
   * Gives a webhook another secret. One that is replaced signs for another day.
   *
   * @param before runs before the change
   */
  Optional<Created> rotate(String id, Runnable before) {
    SigningSecret secret = SigningSecret.random();
    Document stored =
        new Document(
            "$filter",
            new Document(
                    "input",
                    op("$cond", new Document("$isArray", "$" + SECRETS), "$" + SECRETS, List.of()))
                .append("cond", op("$eq", new Document("$type", "$$this"), "object")));
    Document until = new Document(UNTIL, Db.later(BOTH));
    Document old = op("$mergeObjects", new Document("$first", stored), until);
    Document older =
        new Document(
            "$filter",
            new Document("input", stored).append("cond", op("$gt", "$$this." + UNTIL, "$$NOW")));
    Document all =
        op("$concatArrays", literal(List.of(secrets.encrypted(secret, id))), List.of(old), older);
    Document latest = op("$slice", all, MOST_SECRETS);
    before.run();
    return read(db.webhooks()
            .findOneAndUpdate(
                eq(ID, id), List.of(new Document("$set", new Document(SECRETS, latest))), AFTER))
        .map(webhook -> new Created(webhook, secret.text()));
  }

  private static Optional<Webhook> read(Document stored) {
    return Optional.ofNullable(stored).map(Webhook::read);
  }

  /**
   * Returns the enabled webhooks of each of these accounts. One from before the server's clock was
   * set back counts as old: it would lose all events until the clock is where it was.
   */
  Map<String, List<Webhook>> enabled(Collection<String> accounts) {
    String createdAt = "$" + CREATED_AT;
    Document past = op("$cond", op("$gt", createdAt, "$$NOW"), "$$REMOVE", createdAt);
    Map<String, List<Webhook>> byAccount = new HashMap<>();
    db.webhooks()
        .aggregate(
            List.of(
                Aggregates.match(and(WITH_ID, in(ACCOUNT_ID, accounts))),
                new Document("$set", new Document(CREATED_AT, past))))
        .map(Webhook::read)
        .forEach(
            webhook -> {
              if (webhook.disabledAt().isEmpty()) {
                byAccount
                    .computeIfAbsent(webhook.accountId(), any -> new ArrayList<>())
                    .add(webhook);
              }
            });
    return byAccount;
  }

  /**
   * A webhook and the secrets that sign what is sent to it now.
   *
   * @param secrets the current one first; none if that cannot be decrypted
   */
  record Signed(Webhook webhook, List<SigningSecret> secrets) {}

  /** Returns a webhook with the secrets that are valid at a moment. */
  Optional<Signed> signed(String id, Instant at) {
    return Optional.ofNullable(db.webhooks().find(eq(ID, id)).first())
        .map(stored -> new Signed(Webhook.read(stored), secrets.valid(stored, at)));
  }

  /**
   * Reads the keys of secrets again, and encrypts every secret with the newest.
   *
   * @throws dev.pulso.config.MissingConnectionException when there are no keys
   */
  void renewSecrets(Instant now) {
    secrets.readKeys();
    // Read before any is written: the time limit of a request holds for a whole cursor.
    for (Document stored :
        db.webhooks().find(WITH_ID).projection(include(SECRETS)).into(new ArrayList<>())) {
      List<Document> renewed = secrets.renewed(stored, now);
      if (!renewed.equals(stored.get(SECRETS))) {
        // Only if nobody rotated them meanwhile.
        db.webhooks()
            .updateOne(
                and(eq(ID, stored.get(ID)), eq(SECRETS, stored.get(SECRETS))),
                Updates.set(SECRETS, renewed));
      }
    }
  }

  /** Returns how many enabled webhooks have a secret that the keys read last cannot decrypt. */
  int unreadableSecrets(Instant now) {
    int unreadable = 0;
    for (Document stored : db.webhooks().find(WITH_ID).projection(include(SECRETS, DISABLED_AT))) {
      boolean isEnabled = Lenient.time(stored.get(DISABLED_AT)).isEmpty();
      unreadable += isEnabled && secrets.valid(stored, now).isEmpty() ? 1 : 0;
    }
    return unreadable;
  }
}
