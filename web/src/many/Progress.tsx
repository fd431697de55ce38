import { useEffect } from "preact/hooks";
import type { OperationProgress } from "pulso-client";
import { say } from "../announce";
import { count } from "../format";
import { Icon } from "../parts/Icon";
import { explain, Freshness } from "../parts/Notice";
import { go, place, urlWith } from "../route";
import { client } from "../session";
import { t } from "../text";
import { useWatched } from "../watched";

/** How far the operation in the URL is. It goes on, whether somebody looks or not. */
export function Progress() {
  const id = place.value.query.get("operation");
  return id === null ? null : <One key={id} id={id} />;
}

function One({ id }: { id: string }) {
  const text = t();
  const watched = useWatched<OperationProgress>(
    (callbacks) => client.watchOperation(id, callbacks),
    [id],
  );
  const { data, error } = watched;
  // Said when it is first seen and when it ends: numbers that change would be said over and over.
  useEffect(() => {
    if (data) say(`${text.many[data.action]}: ${howFar(data)}`);
  }, [data === undefined, data?.finished_at]);
  return (
    <section class="operation">
      <div class="said">
        {data && <Said operation={data} />}
        {!data && error && (
          <p class="warn" role="alert">
            {explain(error, { isWatched: true })}
          </p>
        )}
      </div>
      {data && error && <Freshness watched={watched} />}
      {data && data.finished_at === null && (
        <progress
          value={data.done}
          max={Math.max(data.batches, 1)}
          aria-label={text.many[data.action]}
        />
      )}
      <button
        type="button"
        class="quiet only-icon"
        aria-label={text.close}
        title={text.close}
        onClick={() => go(urlWith({ operation: "" }), { replace: true })}
      >
        <Icon name="close" />
      </button>
    </section>
  );
}

const howFar = ({ done, batches, finished_at }: OperationProgress): string =>
  finished_at === null
    ? t().operationRunning(count(done), count(batches))
    : t().operationDone(done);

function Said({ operation }: { operation: OperationProgress }) {
  const text = t();
  const { action, unchanged, jobs_cancelled } = operation;
  return (
    <p>
      <strong>{text.many[action]}</strong> {howFar(operation)}
      {action === "cancel" && ` · ${text.operationJobs(jobs_cancelled)}`}
      {unchanged > 0 && ` · ${text.manyUnchanged(unchanged)}`}
    </p>
  );
}
