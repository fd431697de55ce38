import { useSignal } from "@preact/signals";
import type { BatchDetails } from "pulso-client";
import { accountName } from "../accounts";
import { batchName, shortened } from "../names";
import { notePaces } from "../pace";
import { Copy } from "../parts/Copy";
import { Icon } from "../parts/Icon";
import { Failure, Freshness } from "../parts/Notice";
import { State } from "../parts/State";
import { useTitle } from "../parts/useTitle";
import { useRetry } from "../retry";
import { backToList, batchesUrl, batchUrl, lastListUrl } from "../route";
import { client } from "../session";
import { t } from "../text";
import { useWatched } from "../watched";
import { Actions } from "./Actions";
import { Counters } from "./Counters";
import { Facts } from "./Facts";
import { History } from "./History";
import { Hours } from "./Hours";

/** One batch, at its own address. */
export function BatchView({ id }: { id: string }) {
  const { attempt, retry } = useRetry();
  const watched = useWatched<BatchDetails>(
    ({ onUpdate, onError }) =>
      client.watchDetails(id, {
        onUpdate: (batch) => {
          notePaces([batch]);
          onUpdate(batch);
        },
        onError,
      }),
    [id, attempt],
  );
  const { data: batch, error } = watched;
  useTitle(batch ? batchName(batch) : t().batches);
  if (!batch && error) return <Failure error={error} retry={retry} />;
  return (
    <>
      <div class="head">
        <a class="back" href={lastListUrl()} onClick={backToList}>
          <Icon name="back" />
          {t().batches}
        </a>
        <Freshness watched={watched} />
      </div>
      {batch ? (
        <Loaded id={id} batch={batch} at={watched.at} />
      ) : (
        <div class="batch-loading" aria-busy="true" />
      )}
    </>
  );
}

function Loaded(props: { id: string; batch: BatchDetails; at: number }) {
  const { id, batch: answered, at } = props;
  const text = t();
  const acted = useSignal<{ status: BatchDetails["status"]; at: number } | undefined>(undefined);
  // What the reader just did is true before the next answer says so.
  const batch =
    acted.value && acted.value.at >= at ? { ...answered, status: acted.value.status } : answered;
  return (
    <>
      <div class="headline">
        <div class="what">
          <h1>
            <bdi>{batchName(batch)}</bdi>
          </h1>
          {batch.description !== null && batch.description !== "" && (
            <p class="description">
              <bdi>{shortened(batch.description)}</bdi>
            </p>
          )}
          <p class="muted about">
            <State batch={batch} />
            {batch.account_id !== null && (
              <a href={batchesUrl({ account_id: batch.account_id })}>
                <bdi>{shortened(accountName(batch.account_id))}</bdi>
              </a>
            )}
            <span class="id">
              <code>{shortened(batch.batch_id)}</code>
              <Copy text={batch.batch_id} label={text.copyId} />
              <Copy
                text={location.origin + batchUrl(batch.batch_id)}
                label={text.copyLink}
                icon="link"
              />
            </span>
          </p>
        </div>
        <Actions
          id={id}
          batch={batch}
          onDone={(status) => (acted.value = { status, at: Date.now() })}
        />
      </div>
      {batch.cancellation_reason !== null && (
        <p class="reason">
          <bdi>{text.reasonGiven(batch.cancellation_reason)}</bdi>
        </p>
      )}
      <Counters batch={batch} />
      <Facts batch={batch} />
      <Hours batch={batch} />
      <History entries={batch.history} />
    </>
  );
}
