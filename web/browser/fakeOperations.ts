import { type Answer, FakeApi, row } from "./fakeApi";

export const ID = "678790a0f0e1d2c3b4a59687";

/** An API whose operations are what a test says. */
export class FakeOperations {
  readonly api = new FakeApi();
  readonly bodies: Record<string, unknown>[] = [];
  batches = 2;
  finished = false;
  refusal: Answer | undefined;

  constructor(batches: number) {
    this.api.batches = Array.from({ length: batches }, (_, i) => row(i));
    this.api.instead = (method, url, body) => {
      if (url.pathname.endsWith(`/batch-operations/${ID}`)) return { body: this.#progress() };
      if (method !== "POST" || !url.pathname.endsWith("/batch-operations")) return undefined;
      this.bodies.push(body as Record<string, unknown>);
      if ((body as { dry_run?: boolean }).dry_run) return { body: this.#preview() };
      return (
        this.refusal ?? {
          status: 202,
          body: { operation_id: ID, action: "cancel", batches: this.batches },
        }
      );
    };
  }

  #preview = () => ({
    action: "cancel",
    batches: this.batches,
    jobs: 48210,
    unchanged: 3,
    examples: this.api.batches.slice(0, 10).map(({ batch_id, name }) => ({ batch_id, name })),
  });

  #progress = () => ({
    operation_id: ID,
    action: "cancel",
    reason: null,
    actor: null,
    created_at: "2026-11-26T12:00:00.000000Z",
    batches: this.batches,
    done: this.finished ? this.batches : 1,
    unchanged: 0,
    jobs_cancelled: 48210,
    finished_at: this.finished ? "2026-11-26T12:00:09.000000Z" : null,
  });
}
