import { computed, signal } from "@preact/signals";
import { client } from "./session";

const ticks = signal(0);

setInterval(() => {
  if (document.visibilityState === "visible") ticks.value += 1;
}, 1000);

/** The time by the API's clock, once a second while somebody looks; this machine's may be wrong. */
export const now = computed(() => {
  ticks.value;
  return Date.now() + client.clockOffsetMs;
});
