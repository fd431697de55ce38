import type { DashboardOverview } from "pulso-client";
import { AccountPicker, accountName, chosenAccount } from "../accounts";
import { amount, count, percent } from "../format";
import { StopAll } from "../many/StopAll";
import { Failure, Freshness } from "../parts/Notice";
import { useTitle } from "../parts/useTitle";
import { useRetry } from "../retry";
import { client } from "../session";
import { t } from "../text";
import { useWatched, type Watched } from "../watched";
import { Balance } from "./Balance";
import { Busiest } from "./Busiest";
import { Card } from "./Card";
import { noted } from "./trail";

/** The figures of an account, or of all. */
export function Overview() {
  const account = chosenAccount();
  const { attempt, retry } = useRetry();
  const watched = useWatched<DashboardOverview>(
    (callbacks) =>
      client.watchOverview({ account_id: account === "" ? undefined : account, ...callbacks }),
    [account, attempt],
  );
  const { data, error } = watched;
  const text = t();
  useTitle(account === "" ? text.overview : `${text.overview} · ${accountName(account)}`);
  if (!data && error) return <Failure error={error} retry={retry} />;
  const trail = data ? noted(account, data) : [];
  const metrics = data?.metrics;
  const jobs = data?.detailed_stats.jobs;
  const batches = data?.detailed_stats.batches;
  return (
    <>
      <div class="head">
        <h1>{text.overview}</h1>
        {/* Its width changes each second: what stands right of it stays where it is. */}
        <Freshness watched={watched.notes?.isStale && data ? takenAt(watched, data) : watched} />
        <AccountPicker />
        <StopAll />
      </div>
      <div class="cards">
        <Card
          label={text.jobsToday}
          value={metrics && count(metrics.jobs_today)}
          detail={jobs && text.finishedInAll(jobs.total_finished)}
          values={trail.map((one) => one.metrics.jobs_today)}
        />
        <Card
          label={text.successRate}
          value={metrics && percent(metrics.success_rate_percentage, 2)}
          detail={jobs && text.ofFinished(count(jobs.completed), count(jobs.total_finished))}
          values={trail.map((one) => one.metrics.success_rate_percentage)}
          digits={2}
        />
        <Card
          label={text.activeBatches}
          value={metrics && count(metrics.active_batches)}
          detail={batches && text.withJobs(batches.total_jobs)}
          values={trail.map((one) => one.metrics.active_batches)}
        />
        <Card
          label={text.pendingJobs}
          value={metrics && count(metrics.pending_jobs)}
          detail={jobs && text.failedSoFar(jobs.failed)}
          values={trail.map((one) => one.metrics.pending_jobs)}
        />
      </div>
      <dl class="facts">
        <div>
          <dt>{text.costOfActive}</dt>
          <dd>{batches ? amount(batches.total_cost) : "–"}</dd>
        </div>
        <div>
          <dt>{text.minutesOfActive}</dt>
          <dd>{batches ? amount(batches.total_minutes) : "–"}</dd>
        </div>
        <Balance account={data?.account ?? undefined} />
      </dl>
      <Busiest account={account} />
    </>
  );
}

/** A stale answer is as old as its figures. */
const takenAt = (watched: Watched<DashboardOverview>, { timestamp }: DashboardOverview) => ({
  ...watched,
  at: Date.parse(timestamp) - client.clockOffsetMs,
});
