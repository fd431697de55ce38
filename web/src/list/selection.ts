import { computed, signal } from "@preact/signals";

/** As many as the API takes by name. */
export const MOST_SELECTED = 1000;

/** The selected batches, by `_id`. */
export const selected = signal<ReadonlySet<string>>(new Set());
export const isSelecting = computed(() => selected.value.size > 0);

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
