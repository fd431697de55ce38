import type { BatchStatus, DashboardOverview } from "../../src/index.js";

/** A batch with this many completed jobs. */
export const status = (completed: number, changes: Partial<BatchStatus> = {}): BatchStatus => ({
  batch_id: "batch-20251015-abc12345",
  is_active: true,
  total_jobs: 1924,
  pending_jobs: 1924 - completed,
  completed_jobs: completed,
  failed_jobs: 0,
  suspended_jobs: 0,
  total_cost: 125.5,
  total_minutes: 45.3,
  progress_percentage: 3.64,
  started_at: "2025-01-15T10:30:00.000000Z",
  completed_at: null,
  ...changes,
});

export const OVER = { is_active: false, completed_at: "2025-01-15T11:30:00.000000Z" };

/** A row of the list, as far as tests look at it. */
export const row = (batchId: string) => ({ batch_id: batchId, status: "active", name: null });

export const overview = (timestamp: string, jobs = 1): DashboardOverview => ({
  success: true,
  timestamp,
  account: null,
  metrics: { jobs_today: jobs, success_rate_percentage: 0, active_batches: 1, pending_jobs: 0 },
  detailed_stats: {
    jobs: { today: jobs, pending: 0, completed: 0, failed: 0, total_finished: 0 },
    batches: { active_count: 1, total_jobs: 0, total_cost: 0, total_minutes: 0 },
  },
});

/** The body of a problem. */
export const problem = (status: number, code: string, detail = code) => ({
  type: `urn:pulso:problem:${code.toLowerCase().replaceAll("_", "-")}`,
  title: "A problem",
  status,
  detail,
  code,
  message: detail,
});
