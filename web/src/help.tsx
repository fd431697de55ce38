import { signal } from "@preact/signals";
import { Dialog } from "./parts/Dialog";
import { t } from "./text";

export const isHelpOpen = signal(false);

/** The keys, and what they do. */
export function Help({ onClose }: { onClose(): void }) {
  const keys = t().keys;
  const rows: [string, string][] = [
    ["/", keys.search],
    ["j", keys.down],
    ["k", keys.up],
    ["Enter", keys.open],
    ["x", keys.select],
    ["Esc", keys.escape],
    ["?", keys.help],
  ];
  return (
    <Dialog title={t().keyboardHelp} onClose={onClose}>
      <dl class="keys">
        {rows.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
