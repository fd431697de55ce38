import type { AccountInfo } from "pulso-client";
import { amount } from "../format";
import { t } from "../text";

/** What is left to spend; nothing without an account, or where nobody can tell. */
export function Balance({ account }: { account: AccountInfo | undefined }) {
  if (!account || account.balance === null) return null;
  return (
    <div>
      <dt>{account.billing_type === "minutes" ? t().minutesLeft : t().creditLeft}</dt>
      <dd>{amount(account.balance)}</dd>
    </div>
  );
}
