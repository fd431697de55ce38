import type { BatchRow } from "pulso-client";
import { accountName } from "../accounts";
import { announce } from "../announce";
import { now } from "../clock";
import { useFocusOnReturn } from "../focus";
import { ago, amount, count, lasted, percent, shortAmount, shortCount, span, utc } from "../format";
import { open } from "../jobs";
import { batchName, shortened } from "../names";
import { paces } from "../pace";
import { Bar, partsText } from "../parts/Bar";
import { Icon } from "../parts/Icon";
import { State } from "../parts/State";
import { batchUrl } from "../route";
import { t } from "../text";
import { isIdle } from "./idle";
import { MOST_SELECTED, selected, selectionId, toggle } from "./selection";

/** One batch in two lines; the whole row is its link. */
export function Row({ batch, isPickable = true }: { batch: BatchRow; isPickable?: boolean }) {
  const text = t();
  const name = batchName(batch);
  const link = useFocusOnReturn(batch.batch_id);
  const priority = text.priority[batch.priority];
  const id = selectionId(batch);
  const select = () => {
    if (!toggle(id)) announce(text.tooManySelected(MOST_SELECTED));
  };
  return (
    <li class="row">
      {isPickable && (
        <label class="pick">
          <input
            type="checkbox"
            aria-label={text.select(name)}
            checked={selected.value.has(id)}
            onChange={select}
          />
        </label>
      )}
      <div class="who">
        <a ref={link} class="name" href={batchUrl(batch.batch_id)} title={exactly(batch)}>
          <bdi>{name}</bdi>
        </a>
        <p class="muted">
          <bdi>{batch.account_id === null ? "–" : shortened(accountName(batch.account_id))}</bdi>
          {priority !== undefined && <span class="tag">{priority}</span>}
        </p>
      </div>
      <div class="is">
        <State batch={batch} />
        <Activity batch={batch} />
      </div>
      <div class="jobs">
        <Bar jobs={batch} />
        <p class="muted" aria-hidden="true">
          {partsText(batch, shortCount)}
        </p>
      </div>
      <div class="number share">
        <p>{percent(batch.finished_percentage)}</p>
        <p class="muted">{text.ofTotal(shortCount(batch.total_jobs))}</p>
      </div>
      <Speed batch={batch} />
      <div class="number spent">
        <p>{shortAmount(batch.total_cost)}</p>
        <p class="muted">{text.minutes(shortCount(batch.total_minutes))}</p>
      </div>
    </li>
  );
}

/** What the row shortens. Its link lies over all of it, so it shows on hover wherever that is. */
function exactly(batch: BatchRow): string {
  const at = batch.last_activity_at;
  const lines = [partsText(batch), `${t().totalCost}: ${amount(batch.total_cost)}`];
  if (at !== null) lines.push(`${t().lastActivity}: ${utc(at)}`);
  return lines.join("\n");
}

/** When a job of a batch last moved; it stands out on an active batch that nobody works on. */
function Activity({ batch }: { batch: BatchRow }) {
  const text = t();
  const at = batch.last_activity_at;
  if (at === null) return <p class="muted">{text.noActivity}</p>;
  return isIdle(batch, now.value) ? (
    <p class="warn">
      <Icon name="warning" />
      {text.idle(lasted(at, now.value))}
    </p>
  ) : (
    <p class="muted">{ago(at, now.value)}</p>
  );
}

function Speed({ batch }: { batch: BatchRow }) {
  const text = t();
  const pace = paces.pace(batch._id);
  const estimate = paces.estimate(batch);
  return (
    <div class="number speed">
      <p>{pace === undefined || open(batch) === 0 ? "" : text.perMinute(count(pace))}</p>
      <p class="muted">{estimate ? text.left(span(estimate.low, estimate.high)) : ""}</p>
    </div>
  );
}
