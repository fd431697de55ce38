import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { say } from "../announce";
import { Progress } from "../many/Progress";
import { Selected } from "../many/Selected";
import { StopAll } from "../many/StopAll";
import { Icon } from "../parts/Icon";
import { Failure, Freshness } from "../parts/Notice";
import { useTitle } from "../parts/useTitle";
import { useRetry } from "../retry";
import { batchesUrl, place } from "../route";
import { t } from "../text";
import { CsvButton } from "./CsvButton";
import { asked, type Filters, filtersOf, isNarrowed } from "./filters";
import { keepShape, pagesOf } from "./kept";
import { PageView } from "./PageView";
import { Toolbar } from "./Toolbar";

/** Whether the reader holds updates, to read in peace. */
const isHeld = signal(false);

/** All batches that the reader may see. */
export function Batches() {
  const text = t();
  const filters = filtersOf(place.value.query);
  useTitle(text.batches);
  useEffect(() => {
    addEventListener("pagehide", keepShape);
    return () => removeEventListener("pagehide", keepShape);
  }, []);
  return (
    <>
      <div class="head">
        <h1>{text.batches}</h1>
        <StopAll />
        <HoldButton />
        <CsvButton filters={filters} />
      </div>
      <Toolbar filters={filters} />
      <Progress />
      <List key={JSON.stringify(asked(filters))} filters={filters} />
      <Selected filters={filters} />
    </>
  );
}

function HoldButton() {
  const label = isHeld.value ? t().resumeUpdates : t().hold;
  return (
    <button type="button" onClick={() => (isHeld.value = !isHeld.value)}>
      <Icon name={isHeld.value ? "live" : "hold"} />
      <span class="label">{label}</span>
    </button>
  );
}

function List({ filters }: { filters: Filters }) {
  const text = t();
  const key = JSON.stringify(asked(filters));
  const pages = pagesOf(key);
  const { attempt, retry } = useRetry();
  const watched = pages.watched.value;
  const { rows, hasMore } = pages.counted();
  const summary = watched.data ? text.shown(rows, hasMore) : "";
  useEffect(() => {
    if (watched.data) say(text.shown(rows, hasMore));
  }, [watched.data]);
  const failure = watched.data ? undefined : watched.error;
  const isEmpty = watched.data === true && rows === 0 && !hasMore;
  return (
    <>
      <div class="list-head">
        <p class="muted">{summary}</p>
        <Freshness watched={watched} held={isHeld.value} />
      </div>
      {failure && <Failure error={failure} retry={retry} />}
      {isEmpty && <Empty isNarrowed={isNarrowed(filters)} />}
      <div class={failure || isEmpty ? "" : "list"}>
        {pages.list.value.map((_, index) => (
          <PageView
            key={`${index} ${attempt}`}
            pages={pages}
            index={index}
            filters={filters}
            isHeld={isHeld.value}
            isFlat={failure !== undefined || isEmpty}
          />
        ))}
      </div>
    </>
  );
}

function Empty({ isNarrowed }: { isNarrowed: boolean }) {
  return (
    <section class="empty">
      <p>{isNarrowed ? t().noMatch : t().noBatches}</p>
      {isNarrowed && <a href={batchesUrl({})}>{t().clearFilters}</a>}
    </section>
  );
}
