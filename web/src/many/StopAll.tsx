import { useSignal } from "@preact/signals";
import { accountName, chosenAccount } from "../accounts";
import { shortened } from "../names";
import { Icon } from "../parts/Icon";
import { batchesUrl, go } from "../route";
import { t } from "../text";
import { ManyDialog } from "./ManyDialog";
import { STATES_FOR } from "./operations";

/** Cancels all that an account has, to be sure of it; nothing without a chosen account. */
export function StopAll() {
  // As at the click: "back" changes the URL, not what the reader was asked.
  const opened = useSignal<{ account: string; title: string } | undefined>(undefined);
  const account = chosenAccount();
  const open = () => {
    opened.value = { account, title: t().stopAllOf(shortened(accountName(account))) };
  };
  return (
    <>
      {account !== "" && (
        <button type="button" class="danger" onClick={open}>
          <Icon name="stop" />
          <span class="label">{t().stopAll}</span>
        </button>
      )}
      {opened.value && <StopDialog {...opened.value} onClose={() => (opened.value = undefined)} />}
    </>
  );
}

function StopDialog(props: { account: string; title: string; onClose(): void }) {
  const { account, title, onClose } = props;
  return (
    <ManyDialog
      action="cancel"
      choice={{ account_id: account, status: STATES_FOR.cancel }}
      title={title}
      onClose={onClose}
      onBegun={(operation) => {
        onClose();
        go(batchesUrl({ account_id: account, operation }));
      }}
    />
  );
}
