import type { DashboardOverview } from "pulso-client";

/** As many points as a line has room for. */
const LONGEST = 240;

/** The last overviews of each account, oldest first. */
const trails = new Map<string, DashboardOverview[]>();

/** Notes an overview, and returns all of its account so far. */
export function noted(account: string, overview: DashboardOverview): readonly DashboardOverview[] {
  const before = trails.get(account) ?? [];
  if (before.at(-1)?.timestamp === overview.timestamp) return before;
  const after = [...before, overview].slice(-LONGEST);
  trails.set(account, after);
  return after;
}

/** Forgets everything: another reader may see other accounts. */
export const forgetTrails = (): void => trails.clear();
