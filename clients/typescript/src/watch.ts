import type { PulsoError } from "./error.js";
import type { Notes } from "./known.js";
import { Poll } from "./poll.js";
import type { Question, Watcher } from "./question.js";

/** How to watch. */
export interface WatchOptions<T> {
  /** Milliseconds between an answer and the next request; two watchers of the same take the shorter one. */
  intervalMs?: number | undefined;
  /** Ends the watch when it aborts. */
  signal?: AbortSignal | undefined;
  /** Called after each successful poll, with the same object as long as nothing changed. */
  onUpdate(state: T, notes: Notes): void;
  /** Called after each failed poll. The next success is an update. */
  onError?(error: PulsoError): void;
}

/** A running watch. */
export interface Watch {
  /** Ends the watch. No callback is called after that. */
  stop(): void;
  /** Asks now, or as soon as the API allows it. */
  refresh(): void;
}

/** The polls of a client, by what they ask. Watchers of the same share one. */
export class Polls {
  readonly #polls = new Map<string, Poll<never>>();

  /** Watches what `key` names; a question of that name is always the same. */
  watch<T>(
    key: string,
    question: Question<T>,
    options: WatchOptions<T> & { intervalMs: number },
  ): Watch {
    const { intervalMs, signal } = options;
    if (!(intervalMs > 0 && intervalMs < 2 ** 31)) {
      throw new RangeError(`intervalMs must be milliseconds above 0, not ${intervalMs}.`);
    }
    if (signal?.aborted) return { stop() {}, refresh() {} };
    const poll = this.#poll(key, question);
    const stop = () => {
      signal?.removeEventListener("abort", stop);
      poll.remove(watcher);
    };
    const watcher: Watcher<T> = {
      intervalMs,
      onUpdate: (state, notes) => options.onUpdate(state, notes),
      onError: (error) => options.onError?.(error),
      onEnd: stop,
    };
    signal?.addEventListener("abort", stop, { once: true });
    poll.add(watcher);
    return { stop, refresh: () => poll.refresh() };
  }

  /** Whatever is watched may have changed. */
  changed(): void {
    for (const poll of this.#polls.values()) poll.changed();
  }

  #poll<T>(key: string, question: Question<T>): Poll<T> {
    // The key decides the type.
    const known = this.#polls.get(key) as Poll<T> | undefined;
    if (known) return known;
    const poll = new Poll(question, () => this.#polls.delete(key));
    this.#polls.set(key, poll as Poll<never>);
    return poll;
  }
}
