import "./support/clock.js";
import { expect, it, vi } from "vitest";
import { ID, ok, pass, world } from "./support/script.js";
import { row } from "./support/states.js";

const paths = (api: { sent: { method: string; path: string }[] }) =>
  api.sent.map((one) => `${one.method} ${one.path}`);

it("watches a batch with its history, and asks anew after a pause", async () => {
  const details = { ...row(ID), history: [] };
  const { api, client } = world(ok(details), ok({ success: true }), ok(details), ok(details));
  const onUpdate = vi.fn();
  const watch = client.watchDetails(ID, { onUpdate });
  await pass(0);
  await client.pause(ID);
  await pass(5_000);
  watch.stop();
  const path = `batches/${ID}`;
  expect(paths(api)).toEqual([`GET ${path}`, `POST ${path}/pause`, `GET ${path}`, `GET ${path}`]);
  expect(onUpdate.mock.calls.map(([state]) => state)).toEqual([details, details, details]);
});

it("watches an operation until it is finished", async () => {
  const running = { done: 1, finished_at: null };
  const finished = { done: 2, finished_at: "2025-01-15T10:30:00.000000Z" };
  const { api, client } = world(ok(running), ok(finished));
  const shown: number[] = [];
  client.watchOperation("678790a0f0e1d2c3b4a59687", {
    onUpdate: (operation) => shown.push(operation.done),
  });
  await pass(60_000);
  expect(shown).toEqual([1, 2]);
  expect(paths(api)).toEqual(Array(2).fill("GET batch-operations/678790a0f0e1d2c3b4a59687"));
});
