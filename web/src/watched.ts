import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Notes, PulsoError } from "pulso-client";
import { noteError } from "./session";

/** What a view knows of something that it watches. */
export interface Watched<T> {
  /** The newest answer; it stays when a poll fails. */
  data: T | undefined;
  /** Why the last poll failed; undefined if it did not. */
  error: PulsoError | undefined;
  /** When the newest answer came, by this machine's clock. */
  at: number;
  /** What the API says of it. */
  notes?: Notes;
}

interface Callbacks<T> {
  onUpdate(data: T, notes?: Notes): void;
  onError(error: PulsoError): void;
}

/** Watches while the component is mounted; begins anew with nothing known when `about` changes. */
export function useWatched<T>(
  start: (callbacks: Callbacks<T>) => { stop(): void },
  about: readonly unknown[],
): Watched<T> {
  // Anew at once: until the effect runs, data of before would pass as data of now.
  const state = useMemo(
    () => signal<Watched<T>>({ data: undefined, error: undefined, at: 0 }),
    about,
  );
  useEffect(() => {
    const watch = start({
      onUpdate: (data, notes) => {
        state.value = { data, error: undefined, at: Date.now(), ...(notes && { notes }) };
      },
      onError: (error) => {
        noteError(error);
        state.value = { ...state.peek(), error };
      },
    });
    return () => watch.stop();
  }, about);
  return state.value;
}
