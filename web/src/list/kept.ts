import { Pages, type Shape } from "./pages";

const STORAGE_KEY = "pages";
/** Cursors of these orders contain a name. */
const BY_NAME = /"sort":"-?name"/;

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

/** Keeps the shape of the list over a reload of this tab. */
export function keepShape(): void {
  if (!current || BY_NAME.test(current.key)) return;
  try {
    const { key, pages } = current;
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ key, shape: pages.shape() }));
  } catch {
    // Storage can be forbidden, or full: then a reload begins at the top.
  }
}

/** Forgets what was kept: after signing out another reader may come. */
export function forgetShape(): void {
  try {
    sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // Storage can be forbidden. Then nothing was kept.
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
