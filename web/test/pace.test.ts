import { describe, expect, test } from "vitest";
import { row } from "../browser/fakeApi";
import { PaceBook } from "../src/pace";

const MINUTE = 60_000;

/** Notes a batch every ten seconds, with so many jobs a minute, and returns when that ended. */
function watched(book: PaceBook, minutes: number, jobsAMinute: (minute: number) => number): number {
  let done = 100;
  let at = 0;
  for (; at <= minutes * MINUTE; at += 10_000) {
    book.note(row(1, { completed_jobs: Math.floor(done) }), at);
    done += jobsAMinute(at / MINUTE) / 6;
  }
  return at - 10_000;
}

const id = row(1)._id;

describe("pace", () => {
  test("is unknown in the first minute", () => {
    const book = new PaceBook();
    watched(book, 0.9, () => 60);
    expect(book.pace(id)).toBeUndefined();
    const minute = new PaceBook();
    watched(minute, 1, () => 60);
    expect(minute.pace(id)).toBeCloseTo(60, 0);
  });

  test("is of the last five minutes", () => {
    const book = new PaceBook();
    watched(book, 20, (minute) => (minute < 10 ? 600 : 60));
    expect(book.pace(id)).toBeCloseTo(60, 0);
  });

  test("does not count cancelled jobs", () => {
    const book = new PaceBook();
    book.note(row(1, { completed_jobs: 5, cancelled_jobs: 0 }), 0);
    book.note(row(1, { completed_jobs: 5, cancelled_jobs: 900 }), 2 * MINUTE);
    expect(book.pace(id)).toBe(0);
  });

  test("ends with a pause", () => {
    const book = new PaceBook();
    const at = watched(book, 3, () => 60);
    book.note(row(1, { status: "paused", is_active: false }), at + 1);
    expect(book.pace(id)).toBeUndefined();
    expect(book.estimate(row(1))).toBeUndefined();
  });
});

describe("estimate", () => {
  test("is a range around an even pace, from the second minute", () => {
    const book = new PaceBook();
    const batch = row(1, { pending_jobs: 600, scheduled_jobs: 0, in_progress_jobs: 0 });
    watched(book, 1.9, () => 60);
    expect(book.estimate(batch)).toBeUndefined();
    watched(book, 4, () => 60);
    const { low, high } = book.estimate(batch) ?? { low: 0, high: 0 };
    expect(low).toBeGreaterThan(8);
    expect(low).toBeLessThan(10);
    expect(high).toBeGreaterThan(10);
    expect(high).toBeLessThan(13);
  });

  test("is wider if the pace changed", () => {
    const [even, uneven] = [new PaceBook(), new PaceBook()];
    watched(even, 4, () => 60);
    watched(uneven, 4, (minute) => (minute < 2 ? 100 : 20));
    const width = (book: PaceBook) => {
      const range = book.estimate(row(1));
      return range ? range.high / range.low : 0;
    };
    expect(width(uneven)).toBeGreaterThan(width(even) * 1.5);
  });

  test("is none while nothing moves", () => {
    const book = new PaceBook();
    watched(book, 4, () => 0);
    expect(book.estimate(row(1))).toBeUndefined();
  });
});

test("batches that nobody looks at are forgotten", () => {
  const book = new PaceBook();
  for (const number of [1, 2]) {
    book.note(row(number), 0);
    book.note(row(number), 2 * MINUTE);
  }
  book.note(row(1), 4 * MINUTE);
  book.forget(8 * MINUTE);
  expect(book.pace(row(1)._id)).toBe(0);
  expect(book.pace(row(2)._id)).toBeUndefined();
});
