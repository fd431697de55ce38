import { useEffect } from "preact/hooks";
import type { PulsoError } from "pulso-client";
import { say } from "../announce";
import { t } from "../text";
import type { Watched } from "../watched";
import { Icon } from "./Icon";
import { Ago } from "./Time";

/** More than so many batches are refused. */
const MOST_BATCHES = 5000;

/** What went wrong, and what to do. Only what is watched is asked for again without the reader. */
export function explain(error: PulsoError, { isWatched = false } = {}): string {
  const texts = t().error;
  const passing = whatPasses(error);
  if (passing !== undefined) return `${passing} ${isWatched ? texts.retrying : texts.tryAgain}`;
  if (error.status === 403) return texts.forbidden;
  if (error.code === "BATCH_NOT_FOUND") return texts.noBatch;
  if (error.code === "BATCH_CANCELLED") return texts.cancelledForGood;
  if (error.code === "OPERATION_NOT_FOUND") return texts.noOperation;
  if (error.code === "TOO_MANY_BATCHES") return texts.tooMany(MOST_BATCHES);
  return texts.other(error.detail);
}

/** A failure that another try may not meet, in words; undefined for any other. */
export function whatPasses(error: PulsoError): string | undefined {
  const texts = t().error;
  if (error.code === "NETWORK_ERROR") return texts.offline;
  if (error.status === 429) return texts.tooOften;
  if (error.status === 503) return texts.unavailable;
  if ([401, 403].includes(error.status)) return undefined;
  if (error.status >= 500 || ["HTTP_ERROR", "INVALID_ANSWER"].includes(error.code))
    return texts.broken;
  return undefined;
}

/** Why nothing newer is there, in words; undefined if it is new. */
function whyOld({ error, notes }: Watched<unknown>): string | undefined {
  if (error) return explain(error, { isWatched: true });
  return notes?.isStale ? `${t().error.stale} ${t().error.retrying}` : undefined;
}

/** The age of what is shown, and why nothing newer is there. One line, so that nothing moves. */
export function Freshness({
  watched,
  held = false,
}: {
  watched: Watched<unknown>;
  held?: boolean;
}) {
  const { data, at } = watched;
  const problem = data === undefined ? undefined : whyOld(watched);
  const isCounting = watched.notes?.isCounting ?? false;
  // Said once for each kind of problem: the line itself changes every second.
  useEffect(() => {
    if (problem !== undefined) say(problem);
    else if (isCounting) say(t().stillCounting);
  }, [problem, isCounting]);
  if (data === undefined) return <p class="freshness muted">{watched.error ? "" : t().loading}</p>;
  const when = <Ago at={at} />;
  if (held)
    return (
      <p class="freshness warn">
        <span>
          {t().heldSince} {when}
        </span>
      </p>
    );
  if (problem === undefined)
    return (
      <p class={`freshness ${isCounting ? "warn" : "muted"}`}>
        <span>
          {isCounting && `${t().stillCounting} `}
          {t().updated} {when}
        </span>
      </p>
    );
  return (
    <p class="freshness warn">
      <Icon name="warning" />
      <span>
        {problem} {t().shownFrom} {when}
      </span>
    </p>
  );
}

/** Stands where a view would be when there is nothing to show. */
export function Failure({ error, retry }: { error: PulsoError; retry(): void }) {
  return (
    <section class="empty" role="alert">
      <Icon name="warning" />
      <p>{explain(error, { isWatched: true })}</p>
      {error.requestId !== undefined && (
        <p class="muted">
          {t().requestId} <code>{error.requestId}</code>
        </p>
      )}
      <button type="button" onClick={retry}>
        {t().retry}
      </button>
    </section>
  );
}
