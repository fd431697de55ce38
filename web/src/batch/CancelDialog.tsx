import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { BatchRow, PulsoError } from "pulso-client";
import { announce } from "../announce";
import { count } from "../format";
import { waiting } from "../jobs";
import { batchName } from "../names";
import { Dialog } from "../parts/Dialog";
import { explain } from "../parts/Notice";
import { ReasonField } from "../parts/ReasonField";
import { useGone } from "../parts/useGone";
import { reasonProblem } from "../reason";
import { asPulsoError, client } from "../session";
import { t } from "../text";

/** `accepted`: jobs still wait, as the API said; `finished`: none does. */
type Progress = "asking" | "sending" | "accepted" | "finished";

interface Props {
  id: string;
  batch: BatchRow;
  onPause(): void;
  /** Called when the batch is cancelled. */
  onDone(): void;
  onClose(): void;
}

/** Asks before a batch is cancelled for good, then shows how far that has come. */
export function CancelDialog({ id, batch, onPause, onDone, onClose }: Props) {
  const progress = useSignal<Progress>("asking");
  const reason = useSignal("");
  const refusal = useSignal<PulsoError | undefined>(undefined);
  const gone = useGone();
  const text = t();
  const isSending = progress.value === "sending";
  const cancel = async () => {
    progress.value = "sending";
    refusal.value = undefined;
    try {
      const { finished } = await client.cancel(id, { reason: reason.value });
      if (gone.current) announce(`${batchName(batch)}: ${text.batchCancelled}`);
      progress.value = finished ? "finished" : "accepted";
      onDone();
    } catch (error) {
      const failure = asPulsoError(error);
      if (gone.current) announce(`${batchName(batch)}: ${explain(failure)}`);
      refusal.value = failure;
      progress.value = "asking";
    }
  };
  return (
    <Dialog title={text.cancelTitle(batchName(batch))} isBusy={isSending} onClose={onClose}>
      {progress.value === "accepted" || progress.value === "finished" ? (
        <Result batch={batch} isFinished={progress.value === "finished"} onClose={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (reasonProblem(reason.value) === undefined) void cancel();
          }}
        >
          <p>
            <strong>{text.willCancel(waiting(batch), count(waiting(batch)))}</strong> {text.noUndo}
          </p>
          {batch.in_progress_jobs > 0 && (
            <p class="muted">
              {text.callsEnd(batch.in_progress_jobs, count(batch.in_progress_jobs))}
            </p>
          )}
          <ReasonField value={reason.value} onInput={(value) => (reason.value = value)} />
          {refusal.value && (
            <p class="refusal" role="alert">
              {explain(refusal.value)}
            </p>
          )}
          <div class="buttons">
            <button type="submit" class="danger" disabled={isSending}>
              {isSending ? text.sending : text.cancelForGood}
            </button>
            {batch.status === "active" && (
              <button type="button" disabled={isSending} onClick={onPause}>
                {text.pauseInstead}
              </button>
            )}
            <button type="button" class="quiet" disabled={isSending} onClick={onClose}>
              {text.keep}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/**
 * After a 202 jobs still wait, and the batch that is watched behind the dialog says how many. Numbers
 * from before the cancel say nothing.
 */
function Result(props: { batch: BatchRow; isFinished: boolean; onClose(): void }) {
  const { batch, isFinished, onClose } = props;
  const text = t();
  const left = waiting(batch);
  const marked = batch.cancelled_jobs;
  const isKnown = batch.cancelled_at !== null;
  const isCounted = isKnown && !batch.is_cancelling;
  const isRunning = !isFinished && !isCounted;
  const done = useRef<HTMLButtonElement>(null);
  // The button that had the focus is gone.
  useEffect(() => done.current?.focus(), []);
  return (
    <>
      <p>
        {/* It speaks at the start and at the end: numbers that change would be said over and over. */}
        <span role="status">{isCounted ? text.cancelDone(marked) : text.batchCancelled}</span>{" "}
        {isRunning && isKnown && text.cancelRunning(left)}
      </p>
      {isRunning && (
        <progress
          value={isKnown ? marked : undefined}
          max={Math.max(marked + left, 1)}
          aria-label={text.state.cancelling}
        />
      )}
      <div class="buttons">
        <button ref={done} type="button" class="primary" onClick={onClose}>
          {text.done}
        </button>
      </div>
    </>
  );
}
