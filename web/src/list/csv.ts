import type { BatchRow } from "pulso-client";

const COLUMNS = [
  "batch_id",
  "_id",
  "name",
  "description",
  "account_id",
  "status",
  "is_cancelling",
  "priority",
  "total_jobs",
  "pending_jobs",
  "scheduled_jobs",
  "in_progress_jobs",
  "completed_jobs",
  "failed_jobs",
  "suspended_jobs",
  "cancelled_jobs",
  "finished_percentage",
  "total_cost",
  "total_minutes",
  "estimated_cost",
  "created_at",
  "started_at",
  "completed_at",
  "cancelled_at",
  "cancellation_reason",
  "last_activity_at",
] as const satisfies readonly (keyof BatchRow)[];

/** Batches as CSV (RFC 4180), under the API's names; with the mark by which spreadsheets know UTF-8. */
export const csv = (batches: readonly BatchRow[]): string =>
  `\uFEFF${[COLUMNS.join(","), ...batches.map(line)].join("\r\n")}\r\n`;

const line = (batch: BatchRow): string => COLUMNS.map((name) => cell(batch[name])).join(",");

function cell(value: string | number | boolean | null): string {
  if (typeof value !== "string") return String(value ?? "");
  // A spreadsheet would run a text that begins like this as a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
