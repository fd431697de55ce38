package dev.pulso.batch;

import dev.pulso.mongo.Lenient;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.ObjectId;

/** One batch as it was read. Values of a wrong type read as missing. */
public final class Batch {
  /** The server's time of the read; ages are measured against it. */
  static final String NOW = "now";

  private static final long NORMAL_PRIORITY = 1;

  private final Document document;
  private final Document bookkeeping;

  /** Null until they are asked for: a page of a list asks several times. */
  private Counters counters;

  Batch(Document document) {
    this.document = document;
    this.bookkeeping = Lenient.document(document.get(BatchFields.PULSO));
  }

  /** Returns the {@code _id}, of any type. */
  public Object id() {
    return document.get(BatchFields.ID);
  }

  /** Returns the batch_id that its jobs contain; a batch without one has no jobs. */
  public Optional<String> batchId() {
    return Lenient.text(document.get(BatchFields.BATCH_ID));
  }

  /** Returns the name in answers: the batch_id, or the {@code _id} if there is none. */
  public String name() {
    return batchId().orElseGet(this::idText);
  }

  /** Returns the {@code _id} as text: hex digits, or the text that it is, else its JSON. */
  public String idText() {
    return switch (id()) {
      case ObjectId id -> id.toHexString();
      case String text -> text;
      case null, default -> {
        String json = new Document("", id()).toJson();
        yield json.substring("{\"\": ".length(), json.length() - 1);
      }
    };
  }

  public Optional<String> accountId() {
    return text(BatchFields.ACCOUNT_ID);
  }

  public Optional<String> text(String field) {
    return Lenient.text(document.get(field));
  }

  /** Returns a field of any type, or null. */
  public Object value(String field) {
    return document.get(field);
  }

  public Optional<BigDecimal> number(String field) {
    return Lenient.number(document.get(field));
  }

  /** Returns a time field (UTC). */
  public Optional<Instant> time(String field) {
    return Lenient.time(document.get(field));
  }

  /** Returns whether workers may claim its jobs. Always false for a cancelled batch. */
  public boolean isActive() {
    return Lenient.isTrue(document.get(BatchFields.IS_ACTIVE)) && !isCancelled();
  }

  /**
   * Returns whether the cancellation marker is set, or the batch was cancelled before Pulso
   * existed.
   */
  public boolean isCancelled() {
    return isMarked() || CancellationMarkers.wasCancelledBefore(document);
  }

  /** Returns whether the cancellation marker is set. */
  public boolean isMarked() {
    return CancellationMarkers.isSet(document);
  }

  /** Returns the reason of the first cancel. */
  public Optional<String> cancellationReason() {
    Document cancel = BatchFields.cancelOf(document);
    return cancel.containsKey("reason")
        ? Lenient.text(cancel.get("reason"))
        : text(BatchFields.CANCELLATION_REASON);
  }

  /** Returns the audit entries that are not yet delivered to the audit log. */
  public List<Document> outbox() {
    return Lenient.documents(bookkeeping.get("outbox"));
  }

  /** Returns whether its cancel is not closed yet. */
  public boolean isCancelOpen() {
    return Lenient.isTrue(BatchFields.cancelOf(document).get("open"));
  }

  /** Returns how many of its jobs were cancelled before its own cancel. */
  public long cancelledEarlier() {
    return Lenient.count(BatchFields.cancelOf(document).get("cancelled_earlier"));
  }

  /** Returns whether its cancel is open, and still has to count the jobs cancelled before it. */
  public boolean isEarlierUncounted() {
    return isCancelOpen()
        && Lenient.isTrue(BatchFields.cancelOf(document).get("earlier_uncounted"));
  }

  public long priority() {
    return number(BatchFields.PRIORITY).map(Number::longValue).orElse(NORMAL_PRIORITY);
  }

  /**
   * Returns the counters of the last recount, or those that the document carries if it has no jobs.
   */
  public Counters counters() {
    if (counters == null) {
      counters =
          isCounted()
              ? Counters.counted(BatchFields.countersOf(document))
              : Counters.carried(document);
    }
    return counters;
  }

  /** Returns whether a recount found jobs. */
  public boolean isCounted() {
    return BatchFields.countersOf(document).get("total") instanceof Number;
  }

  /** Returns the latest time of its jobs as last counted (UTC), no later than the count. */
  public Optional<Instant> lastActivityAt() {
    return Lenient.time(BatchFields.countersOf(document).get("last_activity_at"));
  }

  /** Returns whether the counters are due for a check, as those of before the clock went back. */
  public boolean isDue() {
    Optional<Instant> dueAt = Lenient.time(bookkeeping.get("due_at"));
    return dueAt.isEmpty()
        || !readAt().isBefore(dueAt.get())
        || staleness().filter(Duration::isNegative).isPresent();
  }

  /** Returns whether its jobs were ever counted, even if there were none. */
  public boolean wasRecounted() {
    return bookkeeping.get("due_at") != null;
  }

  /**
   * Returns whether no recount looked for its jobs yet. If its counters show nothing finished, its
   * uploader may have written them before the jobs.
   */
  public boolean isToCount() {
    return batchId().isPresent() && !isCounted() && !wasRecounted();
  }

  /** Returns whether it has the counters of the recount with this token, or of a later one. */
  public boolean hasCountersOf(long token) {
    return BatchFields.countersOf(document).get("token") instanceof Long there && there >= token;
  }

  /** Returns the age of the counters; empty before the first recount. */
  public Optional<Duration> staleness() {
    return Lenient.time(BatchFields.countersOf(document).get("taken_at"))
        .map(takenAt -> Duration.between(takenAt, readAt()));
  }

  /** Returns the server's time of the read. */
  public Instant readAt() {
    return Lenient.time(document.get(NOW)).orElseThrow();
  }
}
