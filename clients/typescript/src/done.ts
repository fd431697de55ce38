import { isTemporary, PulsoError } from "./error.js";
import { backoffMs, retryAfterMs, sleep } from "./timing.js";

const FIRST_WAIT_MS = 1_000;
/** The waits stop growing at about 8 s. */
const LONGEST = 4;

/**
 * Waits and asks until the result is done, ever more rarely, and returns it. An error that passes is
 * waited for; any other one is thrown, as is the signal's reason when that aborts.
 */
export async function untilDone<T>(
  ask: () => Promise<T>,
  isDone: (result: T) => boolean,
  signal: AbortSignal | undefined,
): Promise<T> {
  let toldToWaitMs = 0;
  for (let round = 1; ; round++) {
    const pauseMs = backoffMs(Math.min(round, LONGEST), FIRST_WAIT_MS);
    await sleep(Math.max(pauseMs, toldToWaitMs), signal);
    toldToWaitMs = 0;
    try {
      const result = await ask();
      if (isDone(result)) return result;
    } catch (error) {
      if (!(error instanceof PulsoError && isTemporary(error))) throw error;
      toldToWaitMs = retryAfterMs(error.retryAfter);
    }
  }
}
