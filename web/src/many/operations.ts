import type { OperationPreview } from "pulso-client";
import { trimmed } from "../reason";
import { client } from "../session";

export type ManyAction = OperationPreview["action"];

/** Which batches: by name, or all of an account that match. */
export type Choice = { batch_ids: string[] } | { account_id: string; status?: string; q?: string };

/**
 * The states of all batches that an action may change, for who has chosen none. What reads completed
 * may still have jobs to stop; it is not resumed, as it would count as active.
 */
export const STATES_FOR: Record<ManyAction, string> = {
  pause: "active,paused,completed",
  resume: "paused",
  cancel: "active,paused,completed",
};

/** The same without completed batches, of which an account has ever more; undefined if it has none. */
export const withoutCompleted = (choice: Choice): Choice | undefined =>
  "status" in choice && choice.status === STATES_FOR.cancel
    ? { ...choice, status: "active,paused" }
    : undefined;

const call = (action: ManyAction) =>
  ({ cancel: client.cancelMany, pause: client.pauseMany, resume: client.resumeMany })[action];

/** What an action would change. */
export const preview = (
  action: ManyAction,
  choice: Choice,
  signal: AbortSignal,
): Promise<OperationPreview> => call(action)(choice, { dryRun: true, signal });

/** Begins an operation, and returns its id. */
export async function begin(
  action: ManyAction,
  choice: Choice,
  expected: number,
  reason: string,
): Promise<string> {
  const why = trimmed(reason);
  const options = why === "" ? { expected } : { expected, reason: why };
  return (await call(action)(choice, options)).operation_id;
}
