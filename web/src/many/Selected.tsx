import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { AccountPicker, accountName } from "../accounts";
import { asked, type Filters } from "../list/filters";
import { clearSelection, matching, selected } from "../list/selection";
import { shortened } from "../names";
import { go, urlWith } from "../route";
import { t } from "../text";
import { ManyDialog } from "./ManyDialog";
import { type Choice, type ManyAction, STATES_FOR } from "./operations";

interface Opened {
  action: ManyAction;
  choice: Choice;
  title: string;
}

const ACTIONS: readonly ManyAction[] = ["pause", "resume", "cancel"];

/** What can be done with the selected batches, or with all of an account that match the filters. */
export function Selected({ filters }: { filters: Filters }) {
  const text = t();
  const opened = useSignal<Opened | undefined>(undefined);
  const said = useRef<HTMLParagraphElement>(null);
  const number = selected.value.size;
  const { account_id, status, q } = asked(filters);
  const narrowing = JSON.stringify({ account_id, status, q });
  // Under other filters it would be other batches: those have to be taken anew.
  const matches = matching.value === narrowing && account_id !== undefined;
  if (number === 0 && !matches && !opened.value) return null;
  const account = account_id === undefined ? "" : shortened(accountName(account_id));
  const choice = (action: ManyAction): Choice => {
    if (!matches) return { batch_ids: [...selected.value] };
    return { account_id, status: status ?? STATES_FOR[action], ...(q === undefined ? {} : { q }) };
  };
  const what = matches ? text.selectMatching(account) : text.selected(number);
  const takeMatching = () => {
    matching.value = narrowing;
    // The button that had the focus goes; this says what is taken now.
    said.current?.focus();
  };
  return (
    <section class="selected" aria-label={what}>
      <p ref={said} tabIndex={-1}>
        <strong>{what}</strong>
      </p>
      {!matches && <Matching account={account} onTake={takeMatching} />}
      <div class="buttons">
        {ACTIONS.map((action) => (
          <button
            key={action}
            type="button"
            class={action === "cancel" ? "danger" : ""}
            onClick={() =>
              (opened.value = { action, choice: choice(action), title: text.many[action] })
            }
          >
            {text.act[action]}
          </button>
        ))}
        <button type="button" class="quiet" onClick={clearSelection}>
          {text.clearSelection}
        </button>
      </div>
      {opened.value && (
        <ManyDialog
          {...opened.value}
          onClose={() => (opened.value = undefined)}
          onBegun={(operation) => {
            opened.value = undefined;
            clearSelection();
            go(urlWith({ operation }));
          }}
        />
      )}
    </section>
  );
}

/** Takes all that match instead. The API does so in one account only, which is chosen here if none is. */
function Matching({ account, onTake }: { account: string; onTake(): void }) {
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef(account);
  useEffect(() => {
    // The picker had the focus, and is gone.
    if (before.current === "" && document.activeElement?.matches("body, main")) {
      button.current?.focus();
    }
    before.current = account;
  }, [account]);
  if (account === "") return <AccountPicker label={t().matchingNeedsAccount} />;
  return (
    <button ref={button} type="button" class="quiet" onClick={onTake}>
      {t().selectMatching(account)}
    </button>
  );
}
