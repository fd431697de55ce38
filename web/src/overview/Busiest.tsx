import type { BatchPage } from "pulso-client";
import { Row } from "../list/Row";
import { notePaces } from "../pace";
import { Freshness } from "../parts/Notice";
import { batchesUrl } from "../route";
import { client } from "../session";
import { t } from "../text";
import { useWatched } from "../watched";

const MOST = 5;

/** The active batches that have most to do. Without an answer there is no such list. */
export function Busiest({ account }: { account: string }) {
  const text = t();
  const watched = useWatched<BatchPage>(
    ({ onUpdate, onError }) =>
      client.watchBatches({
        ...(account === "" ? {} : { account_id: account }),
        status: "active",
        sort: "-pending_jobs",
        limit: MOST,
        onUpdate: (page) => {
          notePaces(page.batches);
          onUpdate(page);
        },
        onError,
      }),
    [account],
  );
  const { data, error } = watched;
  const batches = data?.batches ?? [];
  return (
    <section class="busiest">
      <h2>
        {text.busiest}
        <a href={batchesUrl({ account_id: account, status: "active" })}>{text.seeAll}</a>
      </h2>
      <div class="list">
        {data && batches.length === 0 && <p class="muted">{text.noneActive}</p>}
        <ul>
          {batches.map((batch) => (
            <Row key={batch._id} batch={batch} isPickable={false} />
          ))}
        </ul>
      </div>
      {/* Below, so that no row moves under the pointer. */}
      {data && error && <Freshness watched={watched} />}
    </section>
  );
}
