import type { HistoryEntry } from "pulso-client";
import { shortened } from "../names";
import { Moment } from "../parts/Time";
import { t } from "../text";

/** Who did what with a batch, when and why; newest first. */
export function History({ entries }: { entries: readonly HistoryEntry[] }) {
  const text = t();
  return (
    <section class="history">
      <h2>{text.history}</h2>
      {entries.length === 0 ? (
        <p class="muted">{text.historyEmpty}</p>
      ) : (
        <ol>
          {entries.map((entry, index) => (
            <li key={`${entry.at} ${index}`}>
              <span>
                {text.did[entry.action]}
                {entry.actor !== null && <bdi> {text.by(shortened(entry.actor))}</bdi>}
                {entry.operation_id !== null && ` ${text.partOfOperation}`}
              </span>
              <span class="muted">
                <Moment at={entry.at} />
              </span>
              {entry.reason !== null && (
                <p class="muted">
                  <bdi>{text.reasonGiven(entry.reason)}</bdi>
                </p>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
