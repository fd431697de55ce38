import { t } from "./text";

/** As the API counts: code points, after trimming of all white space of Unicode. */
export const MOST_CHARACTERS = 500;

/** White space by Unicode (property White_Space), which `trim` knows but for U+0085; U+FEFF is none. */
const EDGES = /^[\p{White_Space}]+|[\p{White_Space}]+$/gu;

export const trimmed = (text: string): string => text.replace(EDGES, "");

export const characters = (text: string): number => [...trimmed(text)].length;

/** What is wrong with a reason, in words; undefined if the API will take it. */
export function reasonProblem(text: string): string | undefined {
  const over = characters(text) - MOST_CHARACTERS;
  if (over > 0) return t().reasonTooLong(over);
  return /\p{Cc}/u.test(trimmed(text)) ? t().reasonControl : undefined;
}
