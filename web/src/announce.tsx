import { signal } from "@preact/signals";

interface Said {
  text: string;
  isShown: boolean;
}

const said = signal<Said | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

function publish(next: Said): void {
  said.value = next;
  clearTimeout(timer);
  timer = setTimeout(() => {
    said.value = undefined;
  }, 5000);
}

/** Shows a short message for some seconds; a screen reader says it when it has finished speaking. */
export const announce = (text: string): void => publish({ text, isShown: true });

/** The same for what a reader who sees the page sees anyway. */
export const say = (text: string): void => publish({ text, isShown: false });

export const Announcements = () => (
  <div class="announcement" role="status" aria-live="polite">
    {said.value && <span class={said.value.isShown ? "" : "unseen"}>{said.value.text}</span>}
  </div>
);
