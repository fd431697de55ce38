import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { OperationPreview, PulsoError } from "pulso-client";
import { announce } from "../announce";
import { count } from "../format";
import { batchName } from "../names";
import { Dialog } from "../parts/Dialog";
import { explain, whatPasses } from "../parts/Notice";
import { ReasonField } from "../parts/ReasonField";
import { useGone } from "../parts/useGone";
import { reasonProblem } from "../reason";
import { useRetry } from "../retry";
import { asPulsoError } from "../session";
import { t } from "../text";
import { begin, type Choice, type ManyAction, preview, withoutCompleted } from "./operations";

/** So many batches are more than a slip: the reader types the number. */
const TYPED_ABOVE = 10;

interface Props {
  action: ManyAction;
  choice: Choice;
  title: string;
  onClose(): void;
  /** Called when the API has taken over, if the reader is still here. It is carried through anyway. */
  onBegun(operationId: string): void;
}

/** Says what an operation on many batches would do, and begins it when the reader confirms. */
export function ManyDialog({ action, choice, title, onClose, onBegun }: Props) {
  const text = t();
  const known = useSignal<OperationPreview | undefined>(undefined);
  const refusal = useSignal<PulsoError | undefined>(undefined);
  const hasChanged = useSignal(false);
  const isSending = useSignal(false);
  const typed = useSignal("");
  const reason = useSignal("");
  const { attempt, retry } = useRetry();
  const gone = useGone();
  const narrower = withoutCompleted(choice);
  const isNarrowed = useSignal(false);
  const taken = isNarrowed.value && narrower ? narrower : choice;

  useEffect(() => {
    const leaving = new AbortController();
    known.value = undefined;
    refusal.value = undefined;
    preview(action, taken, leaving.signal).then(
      (answer) => (known.value = answer),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        const failure = asPulsoError(error);
        if (failure.code === "TOO_MANY_BATCHES" && taken !== narrower && narrower)
          isNarrowed.value = true;
        else refusal.value = failure;
      },
    );
    return () => leaving.abort();
  }, [attempt, isNarrowed.value]);

  const confirm = async (expected: number) => {
    isSending.value = true;
    refusal.value = undefined;
    try {
      const operation = await begin(action, taken, expected, reason.value);
      if (gone.current) announce(`${title}: ${text.operationRunning(count(0), count(expected))}`);
      else onBegun(operation);
    } catch (error) {
      const failure = asPulsoError(error);
      if (gone.current) announce(`${title}: ${explain(failure)}`);
      hasChanged.value = failure.code === "SELECTION_CHANGED";
      if (hasChanged.value) {
        typed.value = "";
        retry();
      } else refusal.value = failure;
    } finally {
      isSending.value = false;
    }
  };

  const batches = known.value?.batches ?? 0;
  const isConfirmed = batches <= TYPED_ABOVE || typed.value.trim() === String(batches);
  const isReady =
    known.value !== undefined &&
    batches > 0 &&
    isConfirmed &&
    !isSending.value &&
    reasonProblem(reason.value) === undefined;
  return (
    <Dialog title={title} isBusy={isSending.value} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void confirm(batches);
        }}
      >
        {hasChanged.value && (
          <p class="warn" role="alert">
            {text.selectionChanged}
          </p>
        )}
        {isNarrowed.value && <p role="status">{text.completedLeftOut}</p>}
        {refusal.value ? (
          <p class="refusal" role="alert">
            {explain(refusal.value)}
          </p>
        ) : (
          <Preview action={action} known={known.value} />
        )}
        {action === "cancel" && batches > 0 && (
          <ReasonField value={reason.value} onInput={(value) => (reason.value = value)} />
        )}
        {batches > TYPED_ABOVE && (
          <label class="field">
            <span>{text.typeNumber(batches)}</span>
            <input
              inputMode="numeric"
              autocomplete="off"
              value={typed.value}
              onInput={(event) => (typed.value = event.currentTarget.value)}
            />
          </label>
        )}
        <div class="buttons">
          <button
            type="submit"
            class={action === "cancel" ? "danger" : "primary"}
            disabled={!isReady}
          >
            {isSending.value ? text.sending : text.many[action]}
          </button>
          {refusal.value && !known.value && whatPasses(refusal.value) && (
            <button type="button" onClick={retry}>
              {text.retry}
            </button>
          )}
          <button type="button" class="quiet" disabled={isSending.value} onClick={onClose}>
            {action === "cancel" ? text.keep : text.close}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Preview({ action, known }: { action: ManyAction; known: OperationPreview | undefined }) {
  const text = t();
  // The same element in every state: what follows it is put behind it.
  if (!known) {
    return (
      <div class="body" role="status">
        <p class="muted">{text.loading}</p>
      </div>
    );
  }
  const more = known.batches - known.examples.length;
  return (
    <div class="body" role="status">
      <p>
        {known.batches === 0 ? (
          <strong>{text.manyNone}</strong>
        ) : (
          <>
            <strong>{text.manyWill[action](known.batches)}</strong> {text.manyJobs(known.jobs)}{" "}
            {action === "cancel" && text.noUndo}
          </>
        )}
      </p>
      {known.unchanged > 0 && <p class="muted">{text.manyUnchanged(known.unchanged)}</p>}
      {known.batches > 0 && (
        <ul class="examples muted">
          {known.examples.map((batch) => (
            <li key={batch.batch_id}>
              <bdi>{batchName(batch)}</bdi>
            </li>
          ))}
          {more > 0 && <li>{text.andMore(more)}</li>}
        </ul>
      )}
    </div>
  );
}
