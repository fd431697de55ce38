import { isHelpOpen } from "./help";
import { clearSelection } from "./list/selection";

/** The keys of the help. Letters belong to whoever types, and to an open dialog. */
export function followKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target instanceof HTMLElement && event.target.matches(TYPING)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const act = ACTS[event.key];
    if (act?.()) event.preventDefault();
  });
}

const TYPING = "input:not([type=checkbox]), textarea, select";

/** What a key does. Returns whether it did anything. */
const ACTS: Record<string, () => boolean> = {
  "/": () => focus(document.querySelector<HTMLElement>(".search input")),
  "?": () => {
    isHelpOpen.value = true;
    return true;
  },
  j: () => step(1),
  k: () => step(-1),
  x: () => click(currentRow()?.querySelector<HTMLElement>("input[type=checkbox]")),
  Escape: () => {
    clearSelection();
    return true;
  },
};

const currentRow = () => document.activeElement?.closest<HTMLElement>(".row");

/** Moves the focus by so many rows; from anywhere else to the first one that is on screen. */
function step(by: number): boolean {
  const links = [...document.querySelectorAll<HTMLElement>(".row .name")];
  const at = links.findIndex((link) => link.closest(".row") === currentRow());
  const first = links.findIndex((link) => link.getBoundingClientRect().top >= 0);
  return focus(links[at < 0 ? first : at + by]);
}

function focus(element: HTMLElement | null | undefined): boolean {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return Boolean(element);
}

function click(element: HTMLElement | null | undefined): boolean {
  element?.click();
  return Boolean(element);
}
