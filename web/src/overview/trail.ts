import type { DashboardOverview } from "pulso-client";

/** At one point each 30 s, two hours. */
const LONGEST = 240;

/** The overviews of each account since the page was opened, oldest first. */
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
