import type { BatchStatus, DashboardOverview } from "pulso-client";
import { useEffect, useState } from "react";
import { getOverview, getStatus } from "./axios.js";

export function Batch({ batchId }: { batchId: string }) {
  const [status, setStatus] = useState<BatchStatus | null>(null);

  useEffect(() => {
    const poll = async () => setStatus(await getStatus(batchId));
    poll();
    const timer = setInterval(poll, 5000);
    return () => clearInterval(timer);
  }, [batchId]);

  return <p>{status ? `${status.progress_percentage} %` : "…"}</p>;
}

export function Overview({ accountId }: { accountId?: string }) {
  const [overview, setOverview] = useState<DashboardOverview | null>(null);

  useEffect(() => {
    const poll = async () => setOverview(await getOverview(accountId));
    poll();
    const timer = setInterval(poll, 30000);
    return () => clearInterval(timer);
  }, [accountId]);

  return <p>{overview ? overview.metrics.pending_jobs : "…"}</p>;
}
