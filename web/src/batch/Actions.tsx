import { useSignal } from "@preact/signals";
import type { BatchRow, PulsoError } from "pulso-client";
import { announce } from "../announce";
import { batchName } from "../names";
import { explain } from "../parts/Notice";
import { useGone } from "../parts/useGone";
import { asPulsoError, client } from "../session";
import { t } from "../text";
import { CancelDialog } from "./CancelDialog";

type Status = BatchRow["status"];

interface Props {
  id: string;
  batch: BatchRow;
  onDone(status: Status): void;
}

/** What can be done with a batch now. A refusal says why, beside the button. */
export function Actions({ id, batch, onDone }: Props) {
  const text = t();
  const { status } = batch;
  const isOpen = status === "active" || status === "paused";
  const name = batchName(batch);
  const isBusy = useSignal(false);
  const refusal = useSignal<PulsoError | undefined>(undefined);
  const isCancelling = useSignal(false);
  const gone = useGone();
  const act = async (next: "paused" | "active") => {
    if (isBusy.value) return;
    isBusy.value = true;
    refusal.value = undefined;
    try {
      await (next === "paused" ? client.pause(id) : client.resume(id));
      onDone(next);
      announce(next === "paused" ? text.paused(name) : text.resumed(name));
    } catch (error) {
      const failure = asPulsoError(error);
      if (gone.current) announce(`${name}: ${explain(failure)}`);
      refusal.value = failure;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <div class="actions">
      {isOpen && (
        <>
          {/* One button, so that it keeps the focus when its meaning changes. */}
          <button
            type="button"
            class={status === "paused" ? "primary" : ""}
            aria-disabled={isBusy.value}
            onClick={(event) => {
              // The second click of a double click would undo the first one.
              if (event.detail < 2) void act(status === "paused" ? "active" : "paused");
            }}
          >
            {status === "paused" ? text.resumeBatch : text.pauseBatch}
          </button>
          <button type="button" class="danger" onClick={() => (isCancelling.value = true)}>
            {text.cancelBatch}
          </button>
        </>
      )}
      {refusal.value && (
        <p class="refusal" role="alert">
          {explain(refusal.value)}
        </p>
      )}
      {isCancelling.value && (
        <CancelDialog
          id={id}
          batch={batch}
          onPause={() => {
            isCancelling.value = false;
            void act("paused");
          }}
          onDone={() => onDone("cancelled")}
          onClose={() => (isCancelling.value = false)}
        />
      )}
    </div>
  );
}
