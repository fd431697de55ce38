import { useEffect, useRef } from "preact/hooks";
import { route } from "./route";

/** The batch that the reader opened last: back in the list, its row gets the focus. */
let opened: string | undefined;

/** When what has the focus goes, the view takes it: else Tab would begin at the top of the page. */
export function keepFocus(): void {
  let last: EventTarget | null = null;
  document.addEventListener("focusin", (event) => (last = event.target));
  new MutationObserver(() => {
    const isGone = last instanceof HTMLElement && !last.isConnected;
    if (!isGone || document.activeElement !== document.body) return;
    document.querySelector("main")?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}

/** Puts the focus where the eye goes: another view begins at its top. */
export function useFocusOnView(): void {
  const at = route.value;
  const view = at.view === "batch" ? `batch ${at.id}` : at.view;
  const before = useRef(view);
  useEffect(() => {
    if (view === before.current) return;
    before.current = view;
    document.querySelector("main")?.focus({ preventScroll: true });
  }, [view]);
  if (at.view === "batch") opened = at.id;
}

/** Gives a link of the list the focus if the reader comes back from its batch. */
export function useFocusOnReturn(batchId: string) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (opened !== batchId) return;
    opened = undefined;
    // Later it is somewhere else because the reader put it there.
    if (document.activeElement?.matches("body, main")) link.current?.focus({ preventScroll: true });
  }, []);
  return link;
}
