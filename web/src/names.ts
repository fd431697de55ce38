import type { BatchRow } from "pulso-client";
import { t } from "./text";

/** Nobody reads more in one line, and names can be of any length. */
const LONGEST = 300;

export const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;

/** A name for people. */
export const batchName = (batch: Pick<BatchRow, "name">): string =>
  batch.name === null || batch.name.trim() === "" ? t().unnamed : shortened(batch.name);
