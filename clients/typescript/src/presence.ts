/** Whether this is a page in a tab that nobody sees. */
export const isHidden = (): boolean =>
  typeof document !== "undefined" && document.visibilityState === "hidden";

/**
 * Calls `change` when the tab is hidden or shown, and when the network is back. Returns what ends
 * that. Nothing happens outside pages.
 */
export function onPresence(change: () => void): () => void {
  if (typeof document === "undefined" || typeof window === "undefined") return () => {};
  const [page, view] = [document, window];
  page.addEventListener("visibilitychange", change);
  view.addEventListener("online", change);
  return () => {
    page.removeEventListener("visibilitychange", change);
    view.removeEventListener("online", change);
  };
}
