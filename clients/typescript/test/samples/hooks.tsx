import { createClient } from "pulso-client";
import { useBatch, useOverview } from "pulso-client/react";

const pulso = createClient({ baseUrl: "/api/v1" });

export function Batch({ batchId }: { batchId: string }) {
  const { data, error } = useBatch(pulso, batchId);
  if (!data) return <p>{error ? error.detail : "…"}</p>;
  return <p className={error ? "stale" : ""}>{data.progress_percentage} %</p>;
}

export function Overview({ accountId }: { accountId?: string }) {
  const { data } = useOverview(pulso, { account_id: accountId });
  return <p>{data ? data.metrics.pending_jobs : "…"}</p>;
}
