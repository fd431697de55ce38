import { Pages, type Shape } from "./pages";

const STORAGE_KEY = "pages";

let current: { key: string; pages: Pages } | undefined;

/** The pages of a list. Who comes back to it, also by reloading, finds as many as before. */
export function pagesOf(key: string): Pages {
  if (current?.key !== key) current = { key, pages: new Pages(keptShape(key)) };
  return current.pages;
}

/** Forgets all rows: another reader may see other batches. */
export function forgetPages(): void {
  current = undefined;
}

/** Keeps the shape of the list, no names, over a reload of this tab. */
export function keepShape(): void {
  if (!current) return;
  try {
    const { key, pages } = current;
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ key, shape: pages.shape() }));
  } catch {
    // Storage can be forbidden, or full: then a reload begins at the top.
  }
}

function keptShape(key: string): readonly Shape[] | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null");
    return kept?.key === key ? kept.shape : undefined;
  } catch {
    return undefined;
  }
}
