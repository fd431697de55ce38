import { useCallback, useMemo, useSyncExternalStore } from "react";
import type {
  BatchPage,
  BatchQuery,
  BatchStatus,
  DashboardOverview,
  Notes,
  OverviewQuery,
  PulsoClient,
  PulsoError,
  Watch,
  WatchOptions,
} from "./index.js";

/** What a hook knows. */
export interface Watched<T> {
  /** The newest state; undefined until the first one is there. It stays when a poll fails. */
  data: T | undefined;
  /** Why the last poll failed; undefined if it did not. */
  error: PulsoError | undefined;
  /** Whether the API has nothing newer at the moment, and whether it still counts jobs. */
  notes: Notes;
  /** Asks now, or as soon as the API allows it. */
  refresh(): void;
}

export interface HookOptions {
  /** Milliseconds between an answer and the next request. */
  intervalMs?: number;
}

type Callbacks<T> = Pick<Required<WatchOptions<T>>, "onUpdate" | "onError">;
type Start<T> = (callbacks: Callbacks<T>) => Watch | undefined;

/** The counters of a batch until it is over; nothing while there is no id. */
export function useBatch(
  client: PulsoClient,
  batchId: string | null | undefined,
  { intervalMs }: HookOptions = {},
): Watched<BatchStatus> {
  const start: Start<BatchStatus> = useCallback(
    (callbacks) => (batchId ? client.watchBatch(batchId, { intervalMs, ...callbacks }) : undefined),
    [client, batchId, intervalMs],
  );
  return useWatch(start);
}

/** A page of the list of batches. Another query begins with nothing known. */
export function useBatches(
  client: PulsoClient,
  { intervalMs, ...query }: BatchQuery & HookOptions = {},
): Watched<BatchPage> {
  // A query is a new object at each render; its text is not.
  const text = JSON.stringify(query);
  const start: Start<BatchPage> = useCallback(
    (callbacks) => client.watchBatches({ ...JSON.parse(text), intervalMs, ...callbacks }),
    [client, text, intervalMs],
  );
  return useWatch(start);
}

/** The figures of an account, or of all that the caller may see. */
export function useOverview(
  client: PulsoClient,
  { account_id, intervalMs }: OverviewQuery & HookOptions = {},
): Watched<DashboardOverview> {
  const start: Start<DashboardOverview> = useCallback(
    (callbacks) => client.watchOverview({ account_id, intervalMs, ...callbacks }),
    [client, account_id, intervalMs],
  );
  return useWatch(start);
}

/** Watches while the component is mounted. Another `start` begins with nothing known. */
function useWatch<T>(start: Start<T>): Watched<T> {
  const store = useMemo(() => makeStore(start), [start]);
  return useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
}

function makeStore<T>(start: Start<T>) {
  let watch: Watch | undefined;
  const refresh = () => watch?.refresh();
  const none: Notes = { isStale: false, isCounting: false };
  let watched: Watched<T> = { data: undefined, error: undefined, notes: none, refresh };
  return {
    snapshot: () => watched,
    subscribe(changed: () => void) {
      const show = (data: T | undefined, error: PulsoError | undefined, notes: Notes) => {
        const { isStale, isCounting } = watched.notes;
        const isNoted = notes.isStale === isStale && notes.isCounting === isCounting;
        if (data === watched.data && error === watched.error && isNoted) return;
        watched = { data, error, notes, refresh };
        changed();
      };
      const own = start({
        onUpdate: (data, notes) => show(data, undefined, notes),
        onError: (error) => show(watched.data, error, watched.notes),
      });
      watch = own;
      return () => own?.stop();
    },
  };
}
