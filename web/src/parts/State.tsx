import type { BatchRow } from "pulso-client";
import { t } from "../text";

type Stated = Pick<BatchRow, "status" | "is_cancelling">;

/** The state of a batch: a word, and a dot whose shape and colour repeat it. */
export function State({ batch }: { batch: Stated }) {
  const state = batch.is_cancelling ? "cancelling" : batch.status;
  return <span class={`state state-${state}`}>{t().state[state]}</span>;
}
