import type { DashboardOverview } from "pulso-client";

/** As many points as a line has room for. */
const LONGEST = 240;

/** The last overviews of each account, oldest first. */
const trails = new Map<string, DashboardOverview[]>();

/**
 * Notes an overview, and returns all of its account so far. It replaces one of the same timestamp: a
 * cancel changes figures at once, over counters as old as before.
 */
export function noted(account: string, overview: DashboardOverview): readonly DashboardOverview[] {
  const before = (trails.get(account) ?? []).filter((one) => one.timestamp !== overview.timestamp);
  const after = [...before, overview].slice(-LONGEST);
  trails.set(account, after);
  return after;
}

/** Forgets everything: another reader may see other accounts. */
export const forgetTrails = (): void => trails.clear();
