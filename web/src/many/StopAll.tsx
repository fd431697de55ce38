import { useSignal } from "@preact/signals";
import { accountName, chosenAccount } from "../accounts";
import { shortened } from "../names";
import { Icon } from "../parts/Icon";
import { batchesUrl, go } from "../route";
import { t } from "../text";
import { ManyDialog } from "./ManyDialog";

/** Cancels all that an account has, to be sure of it; nothing without a chosen account. */
export function StopAll() {
  const isOpen = useSignal(false);
  const account = chosenAccount();
  if (account === "") return null;
  return (
    <>
      <button type="button" class="danger" onClick={() => (isOpen.value = true)}>
        <Icon name="stop" />
        <span class="label">{t().stopAll}</span>
      </button>
      {isOpen.value && (
        <ManyDialog
          action="cancel"
          choice={{ account_id: account }}
          title={t().stopAllOf(shortened(accountName(account)))}
          onClose={() => (isOpen.value = false)}
          onBegun={(operation) => {
            isOpen.value = false;
            go(batchesUrl({ account_id: account, operation }));
          }}
        />
      )}
    </>
  );
}
