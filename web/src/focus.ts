import { useEffect, useRef } from "preact/hooks";
import { route } from "./route";

/** The batch that the reader opened last: back in the list, its row gets the focus. */
let opened: string | undefined;

/**
 * What moves keeps the focus. When what has it goes, the view takes it, or the dialog in front of the
 * view: else Tab would begin at the top of the page.
 */
export function keepFocus(): void {
  let last: HTMLElement | undefined;
  const isLost = () => document.activeElement === document.body;
  document.addEventListener("focusin", ({ target }) => {
    last = target instanceof HTMLElement ? target : undefined;
  });
  document.addEventListener("focusout", () => {
    // The observer comes first: what is lost then, the reader gave up himself.
    setTimeout(() => {
      if (last?.isConnected && isLost()) last = undefined;
    });
  });
  new MutationObserver((records) => {
    if (!last || !isLost()) return;
    if (last.isConnected) {
      if (wasTaken(last, records)) last.focus({ preventScroll: true });
    } else if (!last.closest(".row")) {
      // After a row, Tab goes on where the row was.
      const dialog = document.querySelector<HTMLElement>("dialog[open]");
      (dialog ?? document.querySelector("main"))?.focus({ preventScroll: true });
    }
  }).observe(document.body, { childList: true, subtree: true });
}

const wasTaken = (element: Node, records: MutationRecord[]) =>
  records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(element)));

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
