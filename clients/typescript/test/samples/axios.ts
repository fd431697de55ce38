import axios from "axios";
import type { BatchStatus, DashboardOverview } from "pulso-client";

export const api = axios.create({ baseURL: "http://localhost:8000/api/v1" });

export const getStatus = (batchId: string) =>
  api.get<BatchStatus>(`/batches/${batchId}/status`).then((answer) => answer.data);

export const getOverview = (accountId?: string) =>
  api
    .get<DashboardOverview>("/dashboard/overview", { params: { account_id: accountId } })
    .then((answer) => answer.data);

export const cancelBatch = (batchId: string, reason?: string) =>
  api
    .post(`/batches/${batchId}/cancel`, null, { params: { reason } })
    .then((answer) => answer.data);
