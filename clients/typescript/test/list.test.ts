import "./support/clock.js";
import { expect, it } from "vitest";
import type { BatchPage } from "../src/index.js";
import { ok, pass, world } from "./support/script.js";
import { row } from "./support/states.js";

const link = (cursor: string) => ({ Link: `<?q=a%2C%20b&cursor=${cursor}>; rel="next"` });

it("walks from page to page", async () => {
  const { api, client } = world(ok([row("a")], link("Ig_-%3D")), ok([row("b")]));
  const query = { account_id: "acc-chile-001", is_active: true, q: "a, b", limit: 1 };
  const first = await client.batches(query);
  expect(first).toEqual({ batches: [row("a")], next: "Ig_-=" });
  const second = await client.batches({ ...query, cursor: first.next });
  expect(second).toEqual({ batches: [row("b")], next: undefined });
  const text = "account_id=acc-chile-001&is_active=true&q=a%2C+b&limit=1";
  expect(api.sent.map((one) => `${one.query}`)).toEqual([text, `${text}&cursor=Ig_-%3D`]);
});

it("watches a page, whose rows stay while the next one comes and goes", async () => {
  const { api, client } = world(
    ok([row("a")], { ETag: '"1"' }),
    { status: 304, headers: { ETag: '"1"', ...link("next") } },
    { status: 304, headers: { ETag: '"1"', ...link("next") } },
    ok([row("b")], { ETag: '"2"' }),
  );
  const pages: BatchPage[] = [];
  client.watchBatches({ sort: "name", onUpdate: (page) => pages.push(page) });
  client.watchBatches({ sort: "name", signal: new AbortController().signal, onUpdate() {} });
  await pass(30_000);
  expect(pages.map((page) => [page.batches[0]?.batch_id, page.next])).toEqual([
    ["a", undefined],
    ["a", "next"],
    ["a", "next"],
    ["b", undefined],
  ]);
  expect(pages[2]).toBe(pages[1]);
  expect(api.sent.map((one) => one.headers.get("if-none-match"))).toEqual([
    null,
    '"1"',
    '"1"',
    '"1"',
  ]);
});
