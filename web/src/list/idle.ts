import type { BatchRow } from "pulso-client";

const IDLE_MS = 10 * 60_000;

/**
 * Whether a batch is active and has jobs that dialers could work on, but nothing happened to them for
 * ten minutes. Jobs that are scheduled wait for their time.
 */
export const isIdle = (batch: BatchRow, now: number): boolean =>
  batch.status === "active" &&
  batch.pending_jobs + batch.in_progress_jobs > 0 &&
  batch.last_activity_at !== null &&
  now - Date.parse(batch.last_activity_at) > IDLE_MS;
