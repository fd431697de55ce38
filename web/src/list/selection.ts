import { signal } from "@preact/signals";
import type { BatchRow } from "pulso-client";

/** As many as the API takes by name. */
export const MOST_SELECTED = 1000;

/** The selected batches, as the API takes them. */
export const selected = signal<ReadonlySet<string>>(new Set());

/** The `_id` of a batch, or its `batch_id` if that is a text of which the API knows no batch. */
export const selectionId = ({ _id, batch_id }: BatchRow): string =>
  /^[\da-f]{24}$/i.test(_id) ? _id : batch_id;

/** The filters whose matches are taken altogether, instead of the selected batches. */
export const matching = signal<string | undefined>(undefined);

/** Selects a batch, or no longer. Returns false if there are too many already. */
export function toggle(id: string): boolean {
  const next = new Set(selected.peek());
  if (!next.delete(id)) {
    if (next.size >= MOST_SELECTED) return false;
    next.add(id);
  }
  selected.value = next;
  matching.value = undefined;
  return true;
}

export const clearSelection = (): void => {
  selected.value = new Set();
  matching.value = undefined;
};
