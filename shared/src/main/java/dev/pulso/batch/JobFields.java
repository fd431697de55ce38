package dev.pulso.batch;

/** Field names of the jobs collection. */
public final class JobFields {
  public static final String ID = "_id";
  public static final String BATCH_ID = "batch_id";
  public static final String ACCOUNT_ID = "account_id";
  public static final String STATUS = "status";
  public static final String CREATED_AT = "created_at";
  public static final String UPDATED_AT = "updated_at";
  public static final String COMPLETED_AT = "completed_at";
  public static final String FINISHED_AT = "finished_at";
  public static final String CALL_ENDED_AT = "call_ended_at";
  public static final String FAILED_AT = "failed_at";
  public static final String CANCELLATION_REASON = "cancellation_reason";

  /** Cost of the call in cents, where the first kind of writer puts it. */
  public static final String COST = "call_result.call_cost.combined_cost";

  /** Cost of the call in cents, where the second kind of writer puts it. */
  public static final String SUMMARY_COST = "call_result.summary.call_cost.combined_cost";

  /** Length of the call in ms, where the first kind of writer puts it. */
  public static final String DURATION_MS = "call_result.duration_ms";

  /** Length of the call in ms, where the second kind of writer puts it. */
  public static final String SUMMARY_DURATION_MS = "call_result.summary.duration_ms";

  /** Length of the call in seconds, where nothing better is known. */
  public static final String DURATION_SECONDS = "call_duration_seconds";

  private JobFields() {}
}
