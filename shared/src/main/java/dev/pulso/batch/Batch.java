package dev.pulso.batch;

import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.ObjectId;

/** One batch as it was read: a view of its document that no odd value can break. */
public final class Batch {
  /** The server's clock at the time of the read; every age is measured against it. */
  static final String NOW = "now";

  private static final long NORMAL_PRIORITY = 1;

  private final Document document;
  private final Document bookkeeping;

  Batch(Document document) {
    this.document = document;
    this.bookkeeping = Lenient.document(document.get(BatchFields.PULSO));
  }

  /** The value of {@code _id}, of whatever type. */
  public Object id() {
    return document.get(BatchFields.ID);
  }

  /** The batch_id by which jobs refer to it; a batch without one has no jobs. */
  public Optional<String> batchId() {
    return Lenient.text(document.get(BatchFields.BATCH_ID));
  }

  /** What an answer calls it: its batch_id, or its {@code _id} if it has none. */
  public String name() {
    return batchId().orElseGet(() -> id() instanceof ObjectId id ? id.toHexString() : "" + id());
  }

  /** The account that it belongs to. */
  public Optional<String> accountId() {
    return text(BatchFields.ACCOUNT_ID);
  }

  /** A field that is a string. */
  public Optional<String> text(String field) {
    return Lenient.text(document.get(field));
  }

  /** A field that is a time (UTC). */
  public Optional<Instant> time(String field) {
    return Lenient.time(document.get(field));
  }

  /** Whether workers may claim its jobs; a cancelled batch never is, whatever it says. */
  public boolean isActive() {
    return Lenient.isTrue(document.get(BatchFields.IS_ACTIVE)) && !isCancelled();
  }

  /** Whether the fence of a cancel is set, or it was cancelled before Pulso came. */
  public boolean isCancelled() {
    return CancellationMarker.isSet(document) || CancellationMarker.wasCancelledBefore(document);
  }

  /** The reason of the cancel that was first. */
  public Optional<String> cancellationReason() {
    Document cancel = Lenient.document(bookkeeping.get("cancel"));
    return cancel.containsKey("reason")
        ? Lenient.text(cancel.get("reason"))
        : text(BatchFields.CANCELLATION_REASON);
  }

  /** The audit entries that it holds until they are in the audit log. */
  public List<Document> outbox() {
    return bookkeeping.get("outbox") instanceof List<?> entries
        ? entries.stream().filter(Document.class::isInstance).map(Document.class::cast).toList()
        : List.of();
  }

  /** Whether a cancel still has something to do. */
  public boolean isCancelOpen() {
    return Lenient.isTrue(Lenient.document(bookkeeping.get("cancel")).get("open"));
  }

  /** How many jobs somebody had cancelled before its cancel. */
  public long cancelledEarlier() {
    return Lenient.count(Lenient.document(bookkeeping.get("cancel")).get("cancelled_earlier"));
  }

  /** 1 normal, 2 high, 3 urgent. */
  public long priority() {
    return Lenient.number(document.get(BatchFields.PRIORITY))
        .map(Number::longValue)
        .orElse(NORMAL_PRIORITY);
  }

  /** The counters as last counted, or those that it carries if no job of it is there. */
  public Counters counters() {
    return isCounted()
        ? Counters.counted(Lenient.document(bookkeeping.get("figures")))
        : Counters.carried(document);
  }

  /** Whether jobs of it were found and counted. */
  public boolean isCounted() {
    return Lenient.document(bookkeeping.get("figures")).get("total") instanceof Number;
  }

  /** Whether the time has come to look whether the counters still hold. */
  public boolean isDue() {
    Optional<Instant> dueAt = Lenient.time(bookkeeping.get("due_at"));
    return dueAt.isEmpty() || !readAt().isBefore(dueAt.get());
  }

  /** Whether anybody ever looked for its jobs. */
  public boolean wasLookedAt() {
    return bookkeeping.get("due_at") != null;
  }

  /** Whether it has the figures of the recount with that token, or of a later one. */
  public boolean hasFigures(long token) {
    return Lenient.document(bookkeeping.get("figures")).get("token") instanceof Long there
        && there >= token;
  }

  /** How old the counters are, if jobs were looked for at all. */
  public Optional<Duration> staleness() {
    return Lenient.time(Lenient.document(bookkeeping.get("figures")).get("taken_at"))
        .map(takenAt -> Duration.between(takenAt, readAt()));
  }

  /** When it was read, by the clock of the database. */
  public Instant readAt() {
    return Lenient.time(document.get(NOW)).orElseThrow();
  }
}
