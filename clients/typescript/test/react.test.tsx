// @vitest-environment happy-dom
import "./support/clock.js";
import { act, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PulsoClient } from "../src/index.js";
import { useBatch, useBatches, useOverview } from "../src/react.js";
import { ID, ok, pass, world } from "./support/script.js";
import { overview, row, status } from "./support/states.js";

beforeEach(() => void vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));

const roots: ReturnType<typeof createRoot>[] = [];
afterEach(() =>
  act(() => {
    for (const root of roots.splice(0)) root.unmount();
  }),
);

function Counters({ client, id }: { client: PulsoClient; id: string | null }) {
  const { data, error, refresh } = useBatch(client, id, { intervalMs: 5_000 });
  return (
    <button type="button" onClick={refresh}>
      {data ? data.completed_jobs : "nothing"} {error?.code}
    </button>
  );
}

function Names({ client, q }: { client: PulsoClient; q: string }) {
  const { data } = useBatches(client, { q, status: "active" });
  return data?.batches.map((batch) => batch.batch_id).join();
}

let renders = 0;

function Timestamp({ client }: { client: PulsoClient }) {
  const { data } = useOverview(client, { account_id: "acc-chile-001" });
  renders += 1;
  return data?.timestamp;
}

function mount() {
  const place = document.createElement("div");
  const root = createRoot(place);
  roots.push(root);
  return {
    place,
    render: (node: React.ReactNode) => act(() => root.render(<StrictMode>{node}</StrictMode>)),
  };
}

it("shows the state, keeps it through errors, and refreshes", async () => {
  const { api, client } = world(ok(status(1)), { fails: "connection" }, ok(status(2)));
  const { place, render } = mount();
  await render(<Counters client={client} id={ID} />);
  expect(place.textContent).toBe("nothing ");
  await act(() => pass(0));
  expect(place.textContent).toBe("1 ");
  expect(api.sent).toHaveLength(1);
  await act(() => pass(5_000));
  expect(place.textContent).toBe("1 NETWORK_ERROR");
  await act(() => place.querySelector("button")?.click());
  await act(() => pass(0));
  expect(place.textContent).toBe("2 ");
});

it("never shows one batch under the id of another", async () => {
  const { api, client } = world(ok(status(1)), { ...ok(status(2)), downMs: 1_000 });
  const { place, render } = mount();
  await render(<Counters client={client} id={ID} />);
  await act(() => pass(0));
  await render(<Counters client={client} id="other" />);
  expect(place.textContent).toBe("nothing ");
  await act(() => pass(1_001));
  expect(place.textContent).toBe("2 ");
  expect(api.sent.map((one) => one.path)).toEqual([`batches/${ID}/status`, "batches/other/status"]);
  await render(<Counters client={client} id={null} />);
  expect(place.textContent).toBe("nothing ");
  await act(() => pass(3_600_000));
  expect(api.sent).toHaveLength(2);
});

it("shares the poll of two components, and stops with the last one", async () => {
  const { api, client } = world(ok(status(1)));
  const { place, render } = mount();
  const both = [
    <Counters key="a" client={client} id={ID} />,
    <Counters key="b" client={client} id={ID} />,
  ];
  await render(both);
  await act(() => pass(5_001));
  expect(place.textContent).toBe("1 1 ");
  expect(api.sent).toHaveLength(2);
  await render(both.slice(1));
  await act(() => pass(5_000));
  expect(api.sent).toHaveLength(3);
  await render([]);
  await act(() => pass(3_600_000));
  expect(api.sent).toHaveLength(3);
});

it("watches a list until its query changes", async () => {
  const { api, client } = world(ok([row("a"), row("b")]), ok([row("c")]));
  const { place, render } = mount();
  await render(<Names client={client} q="a" />);
  await act(() => pass(0));
  expect(place.textContent).toBe("a,b");
  await render(<Names client={client} q="a" />);
  await act(() => pass(9_000));
  expect(api.sent).toHaveLength(1);
  await render(<Names client={client} q="c" />);
  await act(() => pass(0));
  expect(place.textContent).toBe("c");
  expect(api.sent.map((one) => one.query.get("q"))).toEqual(["a", "c"]);
});

it("does not render again while nothing changes", async () => {
  const { client } = world(ok(overview("2025-01-15T10:30:00.000000Z")));
  const { place, render } = mount();
  await render(<Timestamp client={client} />);
  await act(() => pass(0));
  expect(place.textContent).toBe("2025-01-15T10:30:00.000000Z");
  const before = renders;
  await act(() => pass(600_000));
  expect(renders).toBe(before);
});

it("renders on a server, without a request", () => {
  const { api, client } = world(ok(status(1)));
  expect(renderToString(<Counters client={client} id={ID} />)).toContain("nothing");
  expect(api.sent).toEqual([]);
});
