import type { BatchRow } from "pulso-client";
import { type FakeApi, row } from "./fakeApi";

/** A list as it looks on an ordinary day. */
export function fill(api: FakeApi): void {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const named = (number: number, name: string, changes: Partial<BatchRow>) =>
    row(number, { name, ...changes });
  api.batches = [
    named(1, "Corte de suministro hoy", {
      account_id: "acc-peru-001",
      priority: 3,
      pending_jobs: 700,
      scheduled_jobs: 0,
      completed_jobs: 170,
      failed_jobs: 30,
      suspended_jobs: 0,
      in_progress_jobs: 8,
      total_cost: 52.25,
      total_minutes: 323.6,
    }),
    named(2, "Cobranza vencida 30 días", {}),
    named(3, "Renovación de pólizas", {
      account_id: "acc-peru-001",
      priority: 2,
      last_activity_at: ago(12),
      pending_jobs: 1500,
      completed_jobs: 1300,
      failed_jobs: 180,
      suspended_jobs: 20,
    }),
    named(4, "Encuesta de satisfacción", {
      status: "paused",
      is_active: false,
      in_progress_jobs: 0,
      pending_jobs: 1500,
      completed_jobs: 900,
      failed_jobs: 100,
      last_activity_at: ago(130),
    }),
    named(5, "Cobranza cierre de mes", {
      status: "completed",
      is_active: false,
      in_progress_jobs: 0,
      pending_jobs: 0,
      scheduled_jobs: 0,
      completed_jobs: 3200,
      failed_jobs: 800,
      completed_at: ago(900),
      last_activity_at: ago(900),
    }),
    named(6, "Oferta de verano", {
      status: "cancelled",
      is_active: false,
      in_progress_jobs: 0,
      pending_jobs: 0,
      scheduled_jobs: 0,
      completed_jobs: 700,
      failed_jobs: 100,
      cancelled_jobs: 1000,
      cancelled_at: ago(2000),
      cancellation_reason: "Cliente solicitó detención",
      last_activity_at: ago(2000),
    }),
    named(
      7,
      "Aviso nacional de cobertura y facturación electrónica para clientes preferentes de todas las regiones",
      {
        pending_jobs: 1_240_000,
        completed_jobs: 2_345_678,
        failed_jobs: 123_456,
        total_cost: 1_234_567.89,
        total_minutes: 9_876_543.2,
      },
    ),
    named(8, "Bienvenida a clientes nuevos", {
      pending_jobs: 1500,
      scheduled_jobs: 0,
      completed_jobs: 0,
      failed_jobs: 0,
      suspended_jobs: 0,
      in_progress_jobs: 0,
      last_activity_at: null,
      started_at: null,
      total_cost: 0,
      total_minutes: 0,
      estimated_cost: null,
    }),
    named(9, "Recordatorio de mañana", {
      status: "cancelled",
      is_cancelling: true,
      is_active: false,
      pending_jobs: 300,
      completed_jobs: 500,
      cancelled_jobs: 900,
      last_activity_at: ago(1),
    }),
  ];
  const now = Date.now();
  api.hours = Array.from({ length: 24 }, (_, i) => {
    const at = new Date(now - i * 3_600_000).toISOString();
    const calls = Math.round(140 + 90 * Math.sin(i / 3));
    const good = Math.round(calls * (0.7 + 0.1 * Math.cos(i)));
    return {
      hour: Number(at.slice(11, 13)),
      date: at.slice(0, 10),
      total_calls: calls,
      successful_calls: good,
      success_rate: Math.round((good / calls) * 10_000) / 100,
    };
  });
  api.history = [
    { action: "resumed", at: ago(300), actor: "maria.soto", reason: null, operation_id: null },
    { action: "paused", at: ago(420), actor: "maria.soto", reason: null, operation_id: null },
  ];
}
