package dev.pulso.batch;

import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import dev.pulso.mongo.Lenient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bson.Document;

/** Field names of the batches collection, and how Pulso's own are read and set. */
public final class BatchFields {
  public static final String ID = "_id";
  public static final String BATCH_ID = "batch_id";
  public static final String ACCOUNT_ID = "account_id";
  public static final String NAME = "name";
  public static final String DESCRIPTION = "description";
  public static final String IS_ACTIVE = "is_active";
  public static final String PRIORITY = "priority";
  public static final String TOTAL_JOBS = "total_jobs";
  public static final String PENDING_JOBS = "pending_jobs";
  public static final String COMPLETED_JOBS = "completed_jobs";
  public static final String FAILED_JOBS = "failed_jobs";
  public static final String SUSPENDED_JOBS = "suspended_jobs";
  public static final String TOTAL_COST = "total_cost";
  public static final String TOTAL_MINUTES = "total_minutes";
  public static final String ESTIMATED_COST = "estimated_cost";
  public static final String CREATED_AT = "created_at";
  public static final String STARTED_AT = "started_at";
  public static final String COMPLETED_AT = "completed_at";
  public static final String UPDATED_AT = "updated_at";
  public static final String CANCELLED_AT = "cancelled_at";
  public static final String CANCELLATION_REASON = "cancellation_reason";

  /** The field that contains all of Pulso's bookkeeping. */
  public static final String PULSO = "pulso";

  /** The counters of the last recount. Workers change the contract's counters in between. */
  public static final String COUNTERS = PULSO + ".figures";

  /** The token of the recount; older counters never replace newer ones. */
  public static final String COUNTERS_TOKEN = COUNTERS + ".token";

  /** How many jobs were counted; missing: none, and the batch's own counters are valid. */
  public static final String COUNTERS_TOTAL = COUNTERS + ".total";

  /** When they were counted. */
  public static final String COUNTERS_TAKEN_AT = COUNTERS + ".taken_at";

  /** How many tenths of them had succeeded, rounded down. */
  public static final String COUNTERS_TENTHS = COUNTERS + ".tenths";

  /** How many of them were open. */
  public static final String COUNTERS_OPEN = COUNTERS + ".open";

  /** How many of them were pending. */
  public static final String COUNTERS_PENDING = COUNTERS + ".pending";

  /** How many of them were scheduled. */
  public static final String COUNTERS_SCHEDULED = COUNTERS + ".scheduled";

  /** How many of them were cancelled. */
  public static final String COUNTERS_CANCELLED = COUNTERS + ".cancelled";

  /** What they cost. */
  public static final String COUNTERS_CENTS = COUNTERS + ".cents";

  /** How long their calls were. */
  public static final String COUNTERS_MS = COUNTERS + ".ms";

  /** The latest time of its jobs, as last counted. */
  public static final String LAST_ACTIVITY_AT = COUNTERS + ".last_activity_at";

  /** From this time on, a poll checks the counters. */
  public static final String DUE_AT = PULSO + ".due_at";

  /** How many jobs the batch had when it finished. */
  public static final String FINISHED_TOTAL = PULSO + ".finished_total";

  /** Audit entries that are not known to be in the audit log. */
  public static final String OUTBOX = PULSO + ".outbox";

  public static final String OUTBOX_ID = OUTBOX + "._id";

  public static final String OUTBOX_OPERATION_ID = OUTBOX + ".operation_id";

  /** Events of this batch that no webhook's deliveries are known to contain. */
  public static final String EVENTS = PULSO + ".events";

  public static final String EVENTS_ID = EVENTS + "._id";

  /** When Pulso last cancelled, paused or resumed the batch. */
  public static final String ACTED_AT = PULSO + ".acted_at";

  /**
   * When the last pause or resume was decided: a single one when it acted, one of an operation when
   * that was stored.
   */
  public static final String SWITCHED_AT = PULSO + ".switched_at";

  /** The share of this batch in the sums of active batches; only the refresh writes it. */
  public static final String SUMMED = PULSO + ".summed";

  public static final String SUMMED_SEQ = SUMMED + ".seq";

  /** The state of a cancel. */
  private static final String CANCEL = PULSO + ".cancel";

  public static final String CANCEL_OPEN = CANCEL + ".open";
  public static final String CANCEL_REASON = CANCEL + ".reason";

  /** Id of the operation whose cancel this is; missing: a single one. */
  public static final String CANCEL_OPERATION = CANCEL + ".operation_id";

  /** How many jobs the cancel cancelled. */
  public static final String CANCELLED_JOBS = CANCEL + ".cancelled_jobs";

  /** How many jobs were cancelled before the marker was set; written in the same update. */
  public static final String CANCELLED_EARLIER = CANCEL + ".cancelled_earlier";

  /**
   * True: that count took too long, so {@link #CANCELLED_EARLIER} is as old as the last recount.
   * The cancel counts again before it changes a job.
   */
  public static final String EARLIER_UNCOUNTED = CANCEL + ".earlier_uncounted";

  /** What a time field has that has none: imports leave {@code ""} of a blank column. */
  static final List<Object> NONE = Arrays.asList(null, false, "");

  private static final Document WITHOUT_ARRAYS = withoutArrays();

  private BatchFields() {}

  /** Returns an expression: whether a time field has none. */
  public static Document hasNone(String field) {
    Document value = op("$ifNull", "$" + field, false);
    return op("$in", value, List.of(false, ""));
  }

  /**
   * Returns an update that sets these fields, which are expressions, one stage after the other. An
   * array in place of {@link #PULSO}, {@link #COUNTERS} or {@link #CANCEL} is dropped first: fields
   * within it would be set in each element.
   */
  public static List<Document> setting(Document... stages) {
    List<Document> pipeline = new ArrayList<>();
    pipeline.add(WITHOUT_ARRAYS);
    for (Document fields : stages) {
      pipeline.add(new Document("$set", fields));
    }
    return pipeline;
  }

  private static Document withoutArrays() {
    Object rest = "$" + PULSO;
    for (String field : List.of(CANCEL, COUNTERS)) {
      String name = field.substring(PULSO.length() + 1);
      Document without =
          new Document("$unsetField", new Document("field", name).append("input", rest));
      rest = unlessArray(field, without, rest);
    }
    Document empty = literal(new Document());
    return new Document("$set", new Document(PULSO, unlessArray(PULSO, empty, rest)));
  }

  private static Document unlessArray(String field, Document replacement, Object otherwise) {
    Document isArray = new Document("$isArray", "$" + field);
    return op("$cond", isArray, replacement, otherwise);
  }

  /** Reads {@link #COUNTERS}; empty before the first recount. */
  public static Document countersOf(Document batch) {
    return part(batch, "figures");
  }

  /** Reads {@link #CANCEL}; empty without a cancel. */
  public static Document cancelOf(Document batch) {
    return part(batch, "cancel");
  }

  /** Reads {@link #SUMMED}; empty if the sums hold nothing of the batch. */
  public static Document summedOf(Document batch) {
    return part(batch, "summed");
  }

  private static Document part(Document batch, String name) {
    return Lenient.document(Lenient.document(batch.get(PULSO)).get(name));
  }
}
