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

/**
 * Batches as CSV (RFC 4180), under the API's names; with the mark by which spreadsheets know UTF-8.
 * Where a comma stands before decimals, they split at semicolons.
 */
export function csv(batches: readonly BatchRow[]): string {
  const decimal = (1.5).toLocaleString(navigator.language).includes(",") ? "," : ".";
  const separator = decimal === "," ? ";" : ",";
  const line = (batch: BatchRow) => COLUMNS.map((name) => cell(batch[name], decimal));
  const lines = [COLUMNS, ...batches.map(line)].map((cells) => cells.join(separator));
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

function cell(value: string | number | boolean | null, decimal: string): string {
  if (typeof value !== "string") return String(value ?? "").replace(".", decimal);
  // A spreadsheet would run what begins like this as a formula, also after what it splits at.
  const text = value.replace(/((?:^|[;,\t\r\n])"*)(?=[=+\-@\t\r])/g, "$1'");
  return /[";,\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
