import type { BatchRow } from "pulso-client";
import { open } from "../jobs";

const IDLE_MS = 10 * 60_000;

/** Whether a batch is active and has jobs, but nothing happened to them for ten minutes. */
export const isIdle = (batch: BatchRow, now: number): boolean =>
  batch.status === "active" &&
  open(batch) > 0 &&
  batch.last_activity_at !== null &&
  now - Date.parse(batch.last_activity_at) > IDLE_MS;
