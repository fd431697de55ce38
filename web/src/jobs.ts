import type { BatchRow } from "pulso-client";

/** What a bar shows, in its order. */
export type Part = "completed" | "failed" | "suspended" | "cancelled" | "underWay" | "waiting";

export type Counted = Pick<
  BatchRow,
  | "total_jobs"
  | "pending_jobs"
  | "scheduled_jobs"
  | "in_progress_jobs"
  | "completed_jobs"
  | "failed_jobs"
  | "suspended_jobs"
  | "cancelled_jobs"
>;

export const parts = (jobs: Counted): { part: Part; jobs: number }[] => [
  { part: "completed", jobs: jobs.completed_jobs },
  { part: "failed", jobs: jobs.failed_jobs },
  { part: "suspended", jobs: jobs.suspended_jobs },
  { part: "cancelled", jobs: jobs.cancelled_jobs },
  { part: "underWay", jobs: jobs.in_progress_jobs },
  { part: "waiting", jobs: waiting(jobs) },
];

/** Jobs that a cancel would cancel. */
export const waiting = (jobs: Counted): number => jobs.pending_jobs + jobs.scheduled_jobs;

/** Jobs that dialers have finished with; a cancelled job was nobody's work. */
export const worked = (jobs: Counted): number =>
  jobs.completed_jobs + jobs.failed_jobs + jobs.suspended_jobs;

/** Jobs that are still to be finished. */
export const open = (jobs: Counted): number => waiting(jobs) + jobs.in_progress_jobs;
