import type { BatchRow } from "pulso-client";
import { count, percent } from "../format";
import { parts } from "../jobs";
import { Bar } from "../parts/Bar";
import { t } from "../text";

/** How far a batch has come: the bar, and each of its segments as number and share. */
export function Counters({ batch }: { batch: BatchRow }) {
  const text = t();
  const total = Math.max(batch.total_jobs, 1);
  return (
    <section aria-label={text.counters} class="counters">
      <p>
        <span class="large">{percent(batch.finished_percentage)}</span>{" "}
        <span class="muted">
          {text.finished}, {text.ofTotal(count(batch.total_jobs))}
        </span>
      </p>
      <Bar jobs={batch} />
      <dl class="legend">
        {parts(batch).map(({ part, jobs }) => (
          <div key={part} class={jobs === 0 ? "none" : ""}>
            <dt>
              <span class={`dot part-${part}`} />
              {text.part[part]}
            </dt>
            <dd>
              {count(jobs)} <span class="muted">{percent((jobs / total) * 100)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
