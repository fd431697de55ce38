import { useState } from "preact/hooks";

/** Counts attempts: a watch that ended begins anew with the next one. */
export function useRetry(): { attempt: number; retry(): void } {
  const [attempt, setAttempt] = useState(0);
  return { attempt, retry: () => setAttempt((before) => before + 1) };
}
