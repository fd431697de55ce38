import { useId } from "preact/hooks";
import { characters, MOST_CHARACTERS, reasonProblem } from "../reason";
import { t } from "../text";

/** Asks why, and counts as the API does. */
export function ReasonField({ value, onInput }: { value: string; onInput(value: string): void }) {
  const hint = useId();
  const problem = reasonProblem(value);
  return (
    <label class="field">
      <span>{t().reason}</span>
      <textarea
        rows={2}
        value={value}
        aria-describedby={hint}
        aria-invalid={problem !== undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <span class={problem === undefined ? "muted" : "bad"} id={hint}>
        {problem ?? t().reasonHint(characters(value), MOST_CHARACTERS)}
      </span>
    </label>
  );
}
