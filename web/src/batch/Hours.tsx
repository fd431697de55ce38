import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BatchRow, HourlyStats, PulsoError } from "pulso-client";
import { count, dateTime, day, hourOfDay, percent } from "../format";
import { explain } from "../parts/Notice";
import { Ago } from "../parts/Time";
import { useRetry } from "../retry";
import { asPulsoError, client } from "../session";
import { t } from "../text";
import { bars, HEIGHT, scaleOf } from "./hourBars";

interface Known {
  hours: readonly HourlyStats[];
  /** When they came, by this machine's clock. */
  at: number;
}

/**
 * The last hours in which calls ended. They are counted for each request, so the page asks once, when
 * the state of the batch changes, and when the reader wants it.
 */
export function Hours({ batch }: { batch: BatchRow }) {
  const text = t();
  const known = useSignal<Known | undefined>(undefined);
  const error = useSignal<PulsoError | undefined>(undefined);
  const { attempt, retry } = useRetry();
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    // The same failure again is said again.
    error.value = undefined;
    client.summary(batch.batch_id, { signal }).then(
      ({ hourly_stats }) => (known.value = { hours: hourly_stats, at: Date.now() }),
      (failure: unknown) => {
        if (!signal.aborted) error.value = asPulsoError(failure);
      },
    );
    return () => leaving.abort();
  }, [batch.batch_id, batch.status, attempt]);
  const hours = known.value?.hours;
  return (
    <section class="hours">
      <header>
        <h2>{text.hours}</h2>
        {known.value && (
          <p class="muted">
            {text.updated} <Ago at={known.value.at} />
          </p>
        )}
        <button type="button" class="quiet" onClick={retry}>
          {text.reload}
        </button>
      </header>
      {error.value && (
        <p class="warn" role="alert">
          {explain(error.value)}
        </p>
      )}
      {hours?.length === 0 && <p class="muted">{text.hoursEmpty}</p>}
      {hours && hours.length > 0 && <Chart hours={hours} />}
    </section>
  );
}

function Chart({ hours }: { hours: readonly HourlyStats[] }) {
  const text = t();
  const top = scaleOf(hours);
  const all = bars(hours, top);
  const dayOf = (at?: string) => at && day(at);
  return (
    <>
      <p class="chart-key muted">
        <span class="dot part-completed" />
        {text.succeeded}
        <span class="dot part-failed" />
        {text.others}
      </p>
      <div class="chart">
        <span class="axis muted" aria-hidden="true">
          {count(top)}
        </span>
        {/* The newest hours stand at the right. */}
        <ol ref={(list) => list?.scrollTo(list.scrollWidth, 0)}>
          {all.map(({ at, calls, rate, height, good }, index) => {
            const label = text.hourBar(dateTime(at), calls, percent(rate));
            return (
              <li key={at} title={label}>
                <svg
                  viewBox={`0 0 20 ${HEIGHT}`}
                  preserveAspectRatio="none"
                  role="img"
                  aria-label={label}
                >
                  <rect class="part-failed" x="2" width="16" y={HEIGHT - height} height={height} />
                  <rect class="part-completed" x="2" width="16" y={HEIGHT - good} height={good} />
                </svg>
                <span class="hour muted" aria-hidden="true">
                  {hourOfDay(at)}
                </span>
                <span class="day muted" aria-hidden="true">
                  {dayOf(at) === dayOf(all[index - 1]?.at) ? "" : dayOf(at)}
                </span>
              </li>
            );
          })}
        </ol>
      </div>
    </>
  );
}
