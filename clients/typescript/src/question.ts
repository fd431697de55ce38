import type { PulsoError } from "./error.js";
import type { Notes } from "./known.js";
import type { Answer } from "./transport.js";

/** What a poll asks, and what it makes of the answers. */
export interface Question<T> {
  /** Sends the request. Rejects with PulsoError, or anything once the signal aborts. */
  ask(etag: string | undefined, signal: AbortSignal): Promise<Answer>;
  read(answer: Answer): T;
  /** Whether `state` is older than `shown`, as caches of several processes can be. */
  isOlder?(state: T, shown: T): boolean;
  /** Whether nothing comes after `state`. */
  isLast?(state: T, before: T | undefined): boolean;
  /** Has the API tell what changes, if it can. Returns what ends that. */
  listen?(told: Told<T>): () => void;
}

/** What a poll can be told meanwhile. */
export interface Told<T> {
  /**
   * What is known has changed.
   *
   * @param make makes the state now from the known one; undefined: it can't be told.
   * @param isWhole whether nothing else may have changed, so that there is no need to ask.
   */
  state(make: (known: T | undefined) => T | undefined, isWhole: boolean): void;
  /** Ask now. */
  refresh(): void;
  /** Nothing will be told for a while. */
  lost(): void;
}

/** Somebody who gets what a poll learns. */
export interface Watcher<T> {
  readonly intervalMs: number;
  onUpdate(state: T, notes: Notes): void;
  onError(error: PulsoError): void;
  /** Called once, when the poll has ended by itself. */
  onEnd(): void;
}
