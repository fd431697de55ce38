import { untilDone } from "./done.js";
import { segment } from "./paths.js";
import { json, type Transport } from "./transport.js";
import type { OperationAccepted, OperationPreview, OperationProgress } from "./types.js";

/** Which batches: exactly one of these ways. Those that the caller may not see are left out. */
export type Selection =
  | { batch_ids: string[]; account_id?: never; status?: never; q?: never; all?: never }
  | {
      account_id: string;
      /** Only batches in these states, as in the list. */
      status?: string | undefined;
      /** Only batches with this text, as in the list. */
      q?: string | undefined;
      batch_ids?: never;
      all?: never;
    }
  | { all: true; batch_ids?: never; account_id?: never; status?: never; q?: never };

export interface DryRun {
  dryRun: true;
  signal?: AbortSignal | undefined;
}

export interface ManyOptions {
  dryRun?: false | undefined;
  /** `batches` of the dry run. If another number would change now, nothing does: `SELECTION_CHANGED`. */
  expected: number;
  /** Of a cancel: why, at most 500 characters. */
  reason?: string | undefined;
  /** Whether to wait until the operation is finished. */
  wait?: boolean | undefined;
  /** Called while waiting, with how far the operation is. */
  onProgress?: ((operation: OperationProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Changes many batches. A dry run only counts them; then the number that it found has to be given as
 * `expected`. Once it has been accepted the operation is carried through, also if `signal` ends the wait.
 */
export interface Many<Options = ManyOptions> {
  (selection: Selection, options: DryRun): Promise<OperationPreview>;
  (selection: Selection, options: Options & { wait: true }): Promise<OperationProgress>;
  (selection: Selection, options: Options): Promise<OperationAccepted>;
}

/** Returns the calls for an action. `changed` is called when batches may have changed. */
export function many(
  action: OperationPreview["action"],
  transport: Transport,
  changed: () => void,
): Many {
  const post = async <T extends object>(body: object, signal: AbortSignal | undefined) =>
    json<T>(await transport.send({ method: "POST", path: "batch-operations", body, signal }));

  const begin = async (selection: Selection, options: ManyOptions) => {
    const { expected, reason, wait, onProgress, signal } = options;
    let accepted: OperationAccepted;
    try {
      accepted = await post({ ...selection, action, expected, reason }, signal);
    } finally {
      changed();
    }
    if (!wait) return accepted;
    const ask = async () => {
      const operation = await progress(transport, accepted.operation_id, signal);
      onProgress?.(operation);
      return operation;
    };
    const finished = await untilDone(ask, (operation) => operation.finished_at !== null, signal);
    changed();
    return finished;
  };

  const call = (selection: Selection, options: DryRun | ManyOptions) =>
    options.dryRun
      ? post<OperationPreview>({ ...selection, action, dry_run: true }, options.signal)
      : begin(selection, options);
  return call as Many;
}

/** How far an operation is. */
export async function progress(
  transport: Transport,
  operationId: string,
  signal: AbortSignal | undefined,
): Promise<OperationProgress> {
  return json(await transport.send({ path: operationPath(operationId), signal }));
}

export const operationPath = (operationId: string) => `batch-operations/${segment(operationId)}`;
