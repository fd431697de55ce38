package dev.pulso.bench.faults;

import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/** Checks the invariants of a batch by reading every job. */
final class Invariants {
  private static final Set<String> WAITING = Set.of("pending", "scheduled");
  private static final List<String> CANCEL_CHANGES =
      List.of("status", "updated_at", "cancellation_reason");

  private final MongoDatabase database;

  Invariants(MongoDatabase database) {
    this.database = database;
  }

  /** Whether its cancellation marker is set. */
  boolean isMarked(Uploaded batch) {
    return document(batch).get("cancelled_at") != null;
  }

  /** Returns whether its cancel is closed. */
  boolean isClosed(Uploaded batch) {
    Document cancel =
        document(batch).getEmbedded(List.of("pulso", "cancel"), new Document("open", true));
    return isMarked(batch) && !cancel.getBoolean("open", false);
  }

  private Document document(Uploaded batch) {
    return database.getCollection("batches").find(new Document("batch_id", batch.id())).first();
  }

  /**
   * Returns the violations of a cancelled batch.
   *
   * @param reason the first reason
   * @return one line per violation
   */
  List<String> breaches(Uploaded batch, String reason) {
    List<String> breaches = new ArrayList<>();
    Document found = document(batch);
    check(breaches, !found.getBoolean("is_active"), "is active");
    check(
        breaches,
        reason.equals(found.get("cancellation_reason")),
        "does not have the first reason");
    long cancelled = jobs(batch, reason, breaches);
    counters(batch, found, breaches);
    check(
        breaches,
        cancelled
            == Optional.ofNullable(
                    found.getEmbedded(List.of("pulso", "cancel", "cancelled_jobs"), Number.class))
                .map(Number::longValue)
                .orElse(-1L),
        "has a wrong number of cancelled jobs");
    List<Document> audit =
        database
            .getCollection("audit_log")
            .find(new Document("batch_id", batch.id()).append("action", "batch.cancelled"))
            .into(new ArrayList<>());
    check(breaches, audit.size() == 1, "has " + audit.size() + " audit entries");
    check(
        breaches,
        audit.stream().allMatch(entry -> reason.equals(entry.get("reason"))),
        "has another reason in the audit log");
    return breaches.stream().map(breach -> batch.id() + " " + breach).toList();
  }

  private long jobs(Uploaded batch, String reason, List<String> breaches) {
    long cancelled = 0;
    long seen = 0;
    for (Document job : database.getCollection("jobs").find(new Document("batch_id", batch.id()))) {
      seen++;
      Document before = batch.jobs().get(job.get("_id"));
      if (WAITING.contains(before.getString("status"))) {
        cancelled++;
        check(breaches, "cancelled".equals(job.get("status")), "has a waiting job");
        check(
            breaches,
            reason.equals(job.get("cancellation_reason")),
            "has a job with another reason");
        check(breaches, rest(before).equals(rest(job)), "has a cancelled job with other changes");
      } else {
        check(breaches, before.equals(job), "has a changed job that did not wait");
      }
    }
    check(breaches, seen == batch.jobs().size(), "has lost jobs");
    return cancelled;
  }

  private static Document rest(Document job) {
    Document rest = new Document(job);
    CANCEL_CHANGES.forEach(rest::remove);
    return rest;
  }

  private static void counters(Uploaded batch, Document found, List<String> breaches) {
    long done = batch.jobs().values().stream().filter(j -> "done".equals(j.get("status"))).count();
    check(breaches, number(found, "total_jobs") == batch.jobs().size(), "has a wrong total_jobs");
    check(breaches, number(found, "pending_jobs") == 0, "has a wrong pending_jobs");
    check(breaches, number(found, "completed_jobs") == done, "has a wrong completed_jobs");
  }

  private static long number(Document document, String field) {
    return document.get(field) instanceof Number number ? number.longValue() : -1;
  }

  private static void check(List<String> breaches, boolean holds, String otherwise) {
    if (!holds && !breaches.contains(otherwise)) {
      breaches.add(otherwise);
    }
  }
}
