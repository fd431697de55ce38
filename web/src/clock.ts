import { signal } from "@preact/signals";

/** The time, once a second while somebody looks. */
export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === "visible") now.value = Date.now();
}, 1000);
