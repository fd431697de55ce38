import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { BatchRow } from "pulso-client";
import { announce } from "../announce";
import { Icon } from "../parts/Icon";
import { explain } from "../parts/Notice";
import { asPulsoError, client } from "../session";
import { t } from "../text";
import { csv } from "./csv";
import { asked, type Filters } from "./filters";

/** As many as the API gives at once. */
const MOST = 200;

/** Reads all batches of the list, page by page, and gives them to the reader as a file, newest first. */
export function CsvButton({ filters }: { filters: Filters }) {
  const isBusy = useSignal(false);
  const leaving = useRef<AbortController>();
  useEffect(() => () => leaving.current?.abort(), []);
  const download = async () => {
    leaving.current = new AbortController();
    const { signal } = leaving.current;
    isBusy.value = true;
    announce(t().csvBusy);
    try {
      const batches = await all(filters, signal);
      save(csv(batches), `pulso-${new Date().toISOString().slice(0, 10)}.csv`);
      announce(t().csvDone(batches.length));
    } catch (error) {
      if (!signal.aborted) announce(explain(asPulsoError(error)));
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <button type="button" disabled={isBusy.value} onClick={download}>
      <Icon name="download" />
      <span class="label">{t().csv}</span>
    </button>
  );
}

async function all(filters: Filters, signal: AbortSignal): Promise<BatchRow[]> {
  const batches: BatchRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.batches({
      ...asked(filters),
      // A recount may move a batch across the pages of another order.
      sort: "-created_at",
      limit: MOST,
      ...(cursor === undefined ? {} : { cursor }),
      signal,
    });
    batches.push(...page.batches);
    cursor = page.next;
  } while (cursor !== undefined);
  return batches;
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
