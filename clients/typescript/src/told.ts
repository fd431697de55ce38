import type { Channel, Message } from "./channel.js";
import type { BatchPage } from "./list.js";
import type { Push } from "./push.js";
import type { Question, Told } from "./question.js";
import type { BatchDetails, BatchRow, BatchStatus, DashboardOverview } from "./types.js";

type Listen<T> = Question<T>["listen"];

/** Listens to a channel for a poll; undefined where there is no push. */
function on<T>(
  push: Push | undefined,
  channel: Channel,
  act: (message: Message, told: Told<T>) => void,
): { listen?: NonNullable<Listen<T>> } {
  if (!push) return {};
  return {
    listen: (told) =>
      push.listen(channel, {
        told: (message) => {
          if (message.type !== "error") return act(message, told);
          told.lost();
          // The answer to a request says what is wrong.
          told.refresh();
        },
        lost: () => told.lost(),
      }),
  };
}

export const statusTold = (push: Push | undefined, batch_id: string) =>
  on<BatchStatus>(push, { batch_id }, (message, told) => {
    if (message.type === "batch.status") told.state(() => message.data as BatchStatus, true);
  });

/** The history is not told: it is asked for when the state has changed. */
export const detailsTold = (push: Push | undefined, batch_id: string) =>
  on<BatchDetails>(push, { batch_id }, (message, told) => {
    if (message.type !== "batch.status") told.refresh();
  });

export const overviewTold = (push: Push | undefined, account_id: string | undefined) =>
  on<DashboardOverview>(push, { overview: true, account_id }, (message, told) => {
    if (message.type !== "dashboard.overview") return;
    told.state(() => message.data as DashboardOverview, true);
  });

/** Rows of the page are shown at once; another row may belong on it, which only the API knows. */
export const pageTold = (push: Push | undefined, account_id: string | undefined) =>
  on<BatchPage>(push, { batches: true, account_id }, (message, told) => {
    if (message.type !== "batches.changed") return;
    const changed = new Map((message.data as BatchRow[]).map((row) => [row._id, row]));
    told.state((page) => {
      const isOnPage = page?.batches.some((row) => changed.has(row._id));
      if (!page || !isOnPage) return undefined;
      return { ...page, batches: page.batches.map((row) => changed.get(row._id) ?? row) };
    }, false);
  });
