import type { OperationProgress } from "pulso-client";
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
  return (
    <section class="operation">
      <div class="said" role="status">
        {data && <Said operation={data} />}
        {!data && error && <p class="warn">{explain(error, { isWatched: true })}</p>}
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

function Said({ operation }: { operation: OperationProgress }) {
  const text = t();
  const { action, done, batches, unchanged, jobs_cancelled, finished_at } = operation;
  return (
    <p>
      <strong>{text.many[action]}</strong>{" "}
      {finished_at === null
        ? text.operationRunning(count(done), count(batches))
        : text.operationDone(done)}
      {action === "cancel" && ` · ${text.operationJobs(jobs_cancelled)}`}
      {unchanged > 0 && ` · ${text.manyUnchanged(unchanged)}`}
    </p>
  );
}
