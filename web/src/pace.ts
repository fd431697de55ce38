import { signal } from "@preact/signals";
import type { BatchRow } from "pulso-client";
import { open, worked } from "./jobs";

const MINUTE_MS = 60_000;
/** A pace is of the last five minutes. */
const WINDOW_MS = 5 * MINUTE_MS;
/** Less says too little. */
const FIRST_PACE_MS = MINUTE_MS;
const FIRST_ESTIMATE_MS = 2 * MINUTE_MS;

interface Sample {
  at: number;
  worked: number;
}

export interface Estimate {
  /** Minutes. */
  low: number;
  high: number;
}

/** How fast batches move, from what this page saw of them. */
export class PaceBook {
  readonly #samples = new Map<string, Sample[]>();
  /** A batch that stands still is the same object at each answer, but its pace is not the same. */
  readonly #notedAt = signal(0);

  /** Notes how far a batch has come. A batch that is not active has no pace. */
  note(batch: BatchRow, at: number): void {
    this.#notedAt.value = at;
    if (batch.status !== "active") {
      this.#samples.delete(batch._id);
      return;
    }
    const samples = (this.#samples.get(batch._id) ?? []).filter((one) => at - one.at <= WINDOW_MS);
    if (samples.at(-1)?.at !== at) samples.push({ at, worked: worked(batch) });
    this.#samples.set(batch._id, samples);
  }

  /** Forgets batches that nobody has looked at for a while. */
  forget(at: number): void {
    for (const [id, samples] of this.#samples) {
      if (at - (samples.at(-1)?.at ?? 0) > WINDOW_MS) this.#samples.delete(id);
    }
  }

  /** Jobs a minute; undefined in the first minute, and for a batch that is not active. */
  pace(id: string): number | undefined {
    const { first, last } = this.#seen(id);
    if (!first || !last || last.at - first.at < FIRST_PACE_MS) return undefined;
    return rate(first, last);
  }

  /**
   * Minutes until a batch has no job left: as a range, from its faster and its slower half of the
   * window. Undefined in the first minutes, and while nothing moves.
   */
  estimate(batch: BatchRow): Estimate | undefined {
    const { samples, first, last } = this.#seen(batch._id);
    if (!first || !last || last.at - first.at < FIRST_ESTIMATE_MS) return undefined;
    const whole = rate(first, last);
    if (whole <= 0 || open(batch) === 0) return undefined;
    const half = (first.at + last.at) / 2;
    const middle = samples.find((sample) => sample.at >= half) ?? last;
    const halves = [rate(first, middle), rate(middle, last)];
    const fast = Math.max(...halves, whole) * 1.1;
    // A half without any job would mean never.
    const slow = Math.max(Math.min(...halves, whole), whole / 3) * 0.9;
    return { low: open(batch) / fast, high: open(batch) / slow };
  }

  #seen(id: string) {
    this.#notedAt.value;
    const samples = this.#samples.get(id) ?? [];
    return { samples, first: samples[0], last: samples.at(-1) };
  }
}

const rate = (from: Sample, to: Sample): number =>
  to.at === from.at ? 0 : Math.max(0, ((to.worked - from.worked) / (to.at - from.at)) * MINUTE_MS);

/** The one book of the page: list and batch see the same batches. */
export const paces = new PaceBook();

export function notePaces(batches: readonly BatchRow[]): void {
  const at = Date.now();
  for (const batch of batches) paces.note(batch, at);
  paces.forget(at);
}
