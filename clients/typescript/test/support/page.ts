import { vi } from "vitest";

/** Counts its listeners, so that a test sees what is left. */
class Target extends EventTarget {
  readonly listeners = new Set<unknown>();

  override addEventListener(type: string, listener: EventListener): void {
    this.listeners.add(listener);
    super.addEventListener(type, listener);
  }

  override removeEventListener(type: string, listener: EventListener): void {
    this.listeners.delete(listener);
    super.removeEventListener(type, listener);
  }
}

/** The tab of a browser, as far as a watcher knows it. */
export class FakePage {
  readonly #document = Object.assign(new Target(), { visibilityState: "visible" });
  readonly #window = new Target();

  constructor() {
    vi.stubGlobal("document", this.#document);
    vi.stubGlobal("window", this.#window);
  }

  get isHidden(): boolean {
    return this.#document.visibilityState === "hidden";
  }

  get listeners(): number {
    return this.#document.listeners.size + this.#window.listeners.size;
  }

  hide(): void {
    this.#see("hidden");
  }

  show(): void {
    this.#see("visible");
  }

  online(): void {
    this.#window.dispatchEvent(new Event("online"));
  }

  #see(state: string): void {
    if (this.#document.visibilityState === state) return;
    this.#document.visibilityState = state;
    this.#document.dispatchEvent(new Event("visibilitychange"));
  }
}
