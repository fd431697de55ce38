import { afterEach, beforeEach, vi } from "vitest";

/** Begins a sequence of random numbers that is always the same. */
export function fixRandom(): void {
  let state = 20251015;
  vi.spyOn(Math, "random").mockImplementation(() => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  fixRandom();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
