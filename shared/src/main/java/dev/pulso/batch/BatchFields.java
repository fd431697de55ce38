package dev.pulso.batch;

/** Field names of the batches collection. */
public final class BatchFields {
  public static final String ID = "_id";
  public static final String BATCH_ID = "batch_id";
  public static final String ACCOUNT_ID = "account_id";
  public static final String NAME = "name";
  public static final String IS_ACTIVE = "is_active";
  public static final String PRIORITY = "priority";
  public static final String TOTAL_JOBS = "total_jobs";
  public static final String PENDING_JOBS = "pending_jobs";
  public static final String COMPLETED_JOBS = "completed_jobs";
  public static final String FAILED_JOBS = "failed_jobs";
  public static final String SUSPENDED_JOBS = "suspended_jobs";
  public static final String TOTAL_COST = "total_cost";
  public static final String TOTAL_MINUTES = "total_minutes";
  public static final String CREATED_AT = "created_at";
  public static final String STARTED_AT = "started_at";
  public static final String COMPLETED_AT = "completed_at";
  public static final String UPDATED_AT = "updated_at";
  public static final String CANCELLED_AT = "cancelled_at";
  public static final String CANCELLATION_REASON = "cancellation_reason";

  /** The one field that holds Pulso's own bookkeeping. */
  public static final String PULSO = "pulso";

  /** The counters as last counted; the contract's own are not to be trusted between counts. */
  public static final String FIGURES = PULSO + ".figures";

  /** The order in which counts began, for guarding newer figures against older ones. */
  public static final String FIGURES_TOKEN = FIGURES + ".token";

  /** How many jobs were counted; missing: there were none, and what the batch carries holds. */
  public static final String FIGURES_TOTAL = FIGURES + ".total";

  /** From when on a poller has the counters checked. */
  public static final String DUE_AT = PULSO + ".due_at";

  /** How many jobs the batch had when it was found finished. */
  public static final String FINISHED_TOTAL = PULSO + ".finished_total";

  /** Audit entries that are not in the audit log yet, as far as the batch knows. */
  public static final String OUTBOX = PULSO + ".outbox";

  public static final String OUTBOX_ID = OUTBOX + "._id";

  /** When Pulso cancelled, paused or resumed it last. */
  public static final String ACTED_AT = PULSO + ".acted_at";

  /** What the sums of active batches hold of it; written by the refresh alone. */
  public static final String SUMMED = PULSO + ".summed";

  public static final String SUMMED_SEQ = SUMMED + ".seq";

  /** What a cancel still has to do, and did. */
  private static final String CANCEL = PULSO + ".cancel";

  public static final String CANCEL_OPEN = CANCEL + ".open";
  public static final String CANCEL_REASON = CANCEL + ".reason";

  /** How many jobs the cancel cancelled. */
  public static final String CANCELLED_JOBS = CANCEL + ".cancelled_jobs";

  /** How many jobs somebody had cancelled before the marker was set, in the same update. */
  public static final String CANCELLED_EARLIER = CANCEL + ".cancelled_earlier";

  private BatchFields() {}
}
