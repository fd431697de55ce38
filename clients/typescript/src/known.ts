import type { Question } from "./question.js";
import type { Answer } from "./transport.js";

/** What an answer says of its figures. */
export interface Notes {
  /** The API has no newer ones at the moment: they may be some minutes old. */
  isStale: boolean;
  /** Jobs are counted for the first time, so the figures are still too low. */
  isCounting: boolean;
}

/** Notes of figures of which nothing is said. */
export const NO_NOTES: Notes = { isStale: false, isCounting: false };

/** What was learned last. */
export interface Known<T> {
  state: T;
  notes: Notes;
  etag: string | undefined;
  text: string;
}

/** What is known once a state was told. What the last answer said still holds for an equal one. */
export function learnTold<T>(known: Known<T> | undefined, state: T): Known<T> {
  // What is told is new; whether all is counted, an answer says.
  const notes = { ...(known?.notes ?? NO_NOTES), isStale: false };
  if (known && isSame(state, known.state)) return { ...known, notes };
  return { state, notes, etag: undefined, text: "" };
}

/** What is known after an answer. Throws PulsoError if the answer makes no sense. */
export function learn<T>(
  question: Question<T>,
  known: Known<T> | undefined,
  answer: Answer,
): Known<T> {
  const isKnown = answer.status === 304 && known !== undefined;
  // An ETag stands for the body and its Link: other headers, such as RateLimit, may differ.
  const whole = isKnown ? { ...answer, text: known.text } : answer;
  const text = whole.text;
  const etag = answer.headers.get("etag") ?? (isKnown ? known.etag : undefined);
  const notes = {
    isStale: answer.headers.get("warning")?.startsWith("110") ?? false,
    isCounting: answer.headers.get("pulso-counting") === "in-progress",
  };
  const state = question.read(whole);
  if (known && question.isOlder?.(state, known.state)) return { ...known, notes };
  // The same object for the same state: who compares by identity sees that nothing changed.
  return { state: known && isSame(state, known.state) ? known.state : state, notes, etag, text };
}

/** Whether two states, both made from JSON, are the same. */
const isSame = (state: unknown, other: unknown) => JSON.stringify(state) === JSON.stringify(other);
