package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.type;

import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOptions;
import dev.pulso.audit.AuditAction;
import dev.pulso.audit.AuditLog;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Sweeps cancelled batches in which jobs wait again: a worker gave one back, or somebody uploaded
 * more. Every run looks at what was cancelled of late, and at a part of all the rest; where the
 * next run goes on stands in the database.
 */
final class LateReturns {
  /** The {@code _id} of the position in {@code pulso_progress}. */
  static final String ID = "late_returns";

  /** So many batches are asked about at once: two seeks in an index for each. */
  private static final int PAGE = 1_000;

  /** What a run looks at of each list at most; an installation has some thousands of batches. */
  private static final int PAGES = 20;

  /** Calls that were under way at a cancel have come back by then. */
  private static final Duration LATELY = Duration.ofHours(1);

  /** Types that somebody else may have given cancelled_at, found by the index too. */
  private static final List<String> ODD =
      List.of("number", "string", "object", "array", "binData", "objectId", "bool", "timestamp");

  private final Db db;
  private final Batches batches;
  private final JobCanceller jobs;
  private final Recounter recounter;

  LateReturns(Db db, Batches batches, JobCanceller jobs, Recounter recounter) {
    this.db = db;
    this.batches = batches;
    this.jobs = jobs;
    this.recounter = recounter;
  }

  /**
   * Where the next run goes on.
   *
   * @param at the latest cancelled_at that was looked at
   * @param seen how many of that very moment were
   * @param auditedId the last batch_id of the audit log that was looked at
   */
  private record Position(Date at, int seen, String auditedId) {
    static Position of(Document stored) {
      return new Position(
          Date.from(Lenient.time(stored.get("at")).orElse(Instant.EPOCH)),
          (int) Math.min(Integer.MAX_VALUE, Lenient.count(stored.get("seen"))),
          Lenient.text(stored.get("audited_id")).orElse(""));
    }

    /** Many can have been cancelled in one moment: the moment alone does not say how far it is. */
    Position after(List<Document> page) {
      if (page.size() < PAGE) {
        return new Position(Date.from(Instant.EPOCH), 0, auditedId);
      }
      Date last = page.getLast().getDate(BatchFields.CANCELLED_AT);
      int ofLast =
          (int) page.stream().filter(b -> last.equals(b.get(BatchFields.CANCELLED_AT))).count();
      return new Position(last, last.equals(at) ? seen + ofLast : ofLast, auditedId);
    }

    Position afterAudited(List<String> page) {
      return new Position(at, seen, page.size() < PAGE ? "" : page.getLast());
    }

    Document document() {
      return new Document("at", at).append("seen", seen).append("audited_id", auditedId);
    }
  }

  /**
   * Returns how many batches it swept.
   *
   * @param now by the clock of the database
   */
  int sweep(Instant now, Deadline deadline, Steps.Each each) {
    int swept = sweepAll(batchIds(cancelled(odd(), -1, 0)), deadline, each);
    Bson lately = gte(BatchFields.CANCELLED_AT, Date.from(now.minus(LATELY)));
    for (int page = 0; page < PAGES; page++) {
      List<Document> found = cancelled(lately, -1, page * PAGE);
      swept += sweepAll(batchIds(found), deadline, each);
      if (found.size() < PAGE) {
        break;
      }
    }
    Position position = Position.of(stored());
    for (int page = 0; page < PAGES; page++) {
      List<Document> found =
          cancelled(
              and(gte(BatchFields.CANCELLED_AT, position.at), isNoArray(BatchFields.CANCELLED_AT)),
              1,
              position.seen);
      swept += sweepAll(batchIds(found), deadline, each);
      position = storeInTime(position.after(found), deadline);
      if (found.size() < PAGE) {
        break;
      }
    }
    for (int page = 0; page < PAGES; page++) {
      List<String> found = audited(position.auditedId);
      swept += sweepAll(new HashSet<>(found), deadline, each);
      position = storeInTime(position.afterAudited(found), deadline);
      if (found.size() < PAGE) {
        break;
      }
    }
    return swept;
  }

  /** A page that the time was too short for is looked at again. */
  private Position storeInTime(Position position, Deadline deadline) {
    if (!deadline.passed()) {
      db.progress()
          .updateOne(
              eq("_id", ID),
              new Document("$set", position.document()),
              new UpdateOptions().upsert(true));
    }
    return position;
  }

  private Document stored() {
    return Optional.ofNullable(db.progress().find(eq("_id", ID)).first()).orElseGet(Document::new);
  }

  private static Bson odd() {
    return new Document(BatchFields.CANCELLED_AT, new Document("$type", ODD));
  }

  private List<Document> cancelled(Bson filter, int direction, int skip) {
    return db.batches()
        .find(filter)
        .projection(
            Projections.include(
                BatchFields.BATCH_ID, BatchFields.CANCELLED_AT, BatchFields.CANCEL_OPEN))
        .sort(new Document(BatchFields.CANCELLED_AT, direction))
        .skip(skip)
        .limit(PAGE)
        .into(new ArrayList<>());
  }

  /** The audit log outlives the batch, and still knows that it was cancelled. */
  private List<String> audited(String after) {
    return db.auditLog()
        .find(
            and(
                gt(AuditLog.BATCH_ID, after),
                isNoArray(AuditLog.BATCH_ID),
                eq(AuditLog.ACTION, AuditAction.BATCH_CANCELLED.value())))
        .projection(Projections.include(AuditLog.BATCH_ID))
        .sort(new Document(AuditLog.BATCH_ID, 1))
        .limit(PAGE)
        .map(entry -> entry.getString(AuditLog.BATCH_ID))
        .into(new ArrayList<>());
  }

  /** A comparison takes an array for each of its elements. */
  private static Bson isNoArray(String field) {
    return not(type(field, BsonType.ARRAY));
  }

  private static Set<String> batchIds(List<Document> page) {
    Set<String> batchIds = new HashSet<>();
    for (Document batch : page) {
      Document cancel =
          Lenient.document(Lenient.document(batch.get(BatchFields.PULSO)).get("cancel"));
      boolean isOpen = Lenient.isTrue(cancel.get("open"));
      if (!isOpen) {
        Lenient.text(batch.get(BatchFields.BATCH_ID)).ifPresent(batchIds::add);
      }
    }
    return batchIds;
  }

  private int sweepAll(Set<String> batchIds, Deadline deadline, Steps.Each each) {
    int swept = 0;
    Set<String> late = deadline.passed() ? Set.of() : withWaitingJobs(batchIds, deadline);
    int parts = late.size();
    for (String batchId : late) {
      Deadline part = deadline.orIn(deadline.remaining().dividedBy(parts--));
      swept += each.isDone(() -> sweep(batchId, part)) ? 1 : 0;
    }
    return swept;
  }

  /** A job may carry several ids in an array: only those that were asked for count. */
  private Set<String> withWaitingJobs(Set<String> batchIds, Deadline deadline) {
    Set<String> waiting = new HashSet<>();
    if (!batchIds.isEmpty()) {
      db.jobs(deadline.remaining())
          .distinct(
              JobFields.BATCH_ID,
              and(in(JobFields.BATCH_ID, batchIds), in(JobFields.STATUS, JobStatus.WAITING)),
              BsonValue.class)
          .forEach(
              batchId -> {
                if (batchId.isString()) {
                  waiting.add(batchId.asString().getValue());
                }
              });
    }
    waiting.retainAll(batchIds);
    return waiting;
  }

  private boolean sweep(String batchId, Deadline deadline) {
    Optional<Batch> batch = batches.findByBatchId(batchId);
    if (batch.filter(b -> !b.isCancelled()).isPresent()) {
      return false;
    }
    Optional<String> reason =
        batch.isPresent() ? batch.get().cancellationReason() : auditedReason(batchId);
    if (!jobs.cancelWaiting(batchId, reason, 0, deadline)) {
      return false;
    }
    recounter.recountSince(JobGroup.of(batchId), db.now(), deadline);
    return true;
  }

  private Optional<String> auditedReason(String batchId) {
    return Optional.ofNullable(
            db.auditLog()
                .find(
                    and(
                        eq(AuditLog.BATCH_ID, batchId),
                        eq(AuditLog.ACTION, AuditAction.BATCH_CANCELLED.value())))
                .first())
        .flatMap(entry -> Lenient.text(entry.get(AuditLog.REASON)));
  }
}
