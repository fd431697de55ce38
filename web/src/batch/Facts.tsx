import type { ComponentChildren } from "preact";
import type { BatchRow } from "pulso-client";
import { amount, count, span } from "../format";
import { open } from "../jobs";
import { paces } from "../pace";
import { Ago, Moment } from "../parts/Time";
import { t } from "../text";

export function Facts({ batch }: { batch: BatchRow }) {
  const text = t();
  const pace = open(batch) === 0 ? undefined : paces.pace(batch._id);
  const estimate = paces.estimate(batch);
  return (
    <dl class="facts">
      <Fact name={text.pace}>{pace === undefined ? "–" : text.perMinute(count(pace))}</Fact>
      <Fact name={text.remaining}>{estimate ? span(estimate.low, estimate.high) : "–"}</Fact>
      <Fact name={text.totalCost}>{amount(batch.total_cost)}</Fact>
      {batch.estimated_cost !== null && batch.estimated_cost > 0 && (
        <Fact name={text.estimatedCost}>{amount(batch.estimated_cost)}</Fact>
      )}
      <Fact name={text.totalMinutes}>{amount(batch.total_minutes)}</Fact>
      <Fact name={text.created}>
        <Moment at={batch.created_at} />
      </Fact>
      <Fact name={text.started}>
        <Moment at={batch.started_at} />
      </Fact>
      <Fact name={text.completedAt}>
        <Moment at={batch.completed_at} />
      </Fact>
      <Fact name={text.lastActivity}>
        {batch.last_activity_at === null ? "–" : <Ago at={batch.last_activity_at} />}
      </Fact>
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
