import { effect, signal } from "@preact/signals";
import type { AccountInfo } from "pulso-client";
import { whatPasses } from "./parts/Notice";
import { go, place, urlWith } from "./route";
import { asPulsoError, client, reader, unauthenticated } from "./session";
import { t } from "./text";

/** The accounts that the reader may see; empty until they are known. */
export const accounts = signal<readonly AccountInfo[]>([]);

const RETRY_MS = 30_000;
/** Runs after a failure that passes. */
let timer: ReturnType<typeof setTimeout> | undefined;

/** Reads the accounts now, and again for whoever signs in. */
export function followAccounts(): void {
  effect(() => {
    // Another reader may see others.
    reader.value;
    stopRetrying();
    if (unauthenticated.value) accounts.value = [];
    else void read();
  });
  addEventListener("online", () => {
    if (timer !== undefined) void read();
  });
}

/** Without names the page shows ids, so that a failure here is no news. */
async function read(): Promise<void> {
  stopRetrying();
  const asked = client;
  try {
    const answer = await asked.accounts();
    if (asked === client) accounts.value = answer;
  } catch (error) {
    // What became of the request of another reader says nothing of this one.
    if (asked === client && whatPasses(asPulsoError(error)) !== undefined) retryLater();
  }
}

function retryLater(): void {
  timer = setTimeout(() => (document.hidden ? retryLater() : void read()), RETRY_MS);
}

function stopRetrying(): void {
  clearTimeout(timer);
  timer = undefined;
}

/** The name of an account, or its id. */
export const accountName = (id: string): string =>
  accounts.value.find((account) => account.account_id === id)?.name ?? id;

/** The account that the URL selects; empty for all. */
export const chosenAccount = (): string => place.value.query.get("account_id") ?? "";

/** With a label, which is seen, it asks for one account; else it offers all too. */
export function AccountPicker({ label }: { label?: string }) {
  const chosen = chosenAccount();
  const known = accounts.value;
  const isMissing = chosen !== "" && known.every((account) => account.account_id !== chosen);
  return (
    <label class="field">
      <span class={label === undefined ? "unseen" : ""}>{label ?? t().account}</span>
      <select
        value={chosen}
        onChange={(event) => go(urlWith({ account_id: event.currentTarget.value }))}
      >
        <option value="">{label === undefined ? t().allAccounts : "–"}</option>
        {isMissing && <option value={chosen}>{chosen}</option>}
        {known.map(({ account_id, name }) => (
          <option key={account_id} value={account_id}>
            {name ?? account_id}
          </option>
        ))}
      </select>
    </label>
  );
}
