import "./support/clock.js";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/index.js";
import { FakeApi, type Reply } from "./support/api.js";
import { FakePage } from "./support/page.js";
import { FakeSocket, tokenOf, withPush } from "./support/push.js";
import { ID, ok, pass } from "./support/script.js";
import { problem, status } from "./support/states.js";

/** Opens the first connection, tells it a state, and waits until it pings. */
async function told(): Promise<FakeSocket> {
  await pass(2_000);
  const first = FakeSocket.last;
  first.open();
  first.tellStatus(10, 7);
  await pass(60_000);
  expect(first.sent.at(-1)).toEqual({ action: "ping" });
  return first;
}

describe("the connection for push", () => {
  it("polls as before while the connection is lost, and comes back", async () => {
    const { client, polls } = withPush();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(10, 7);
    await pass(20_000);
    expect(polls()).toBe(1);
    FakeSocket.last.close();
    await pass(4_000);
    expect(polls()).toBeGreaterThan(1);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ action: "subscribe", batch_id: ID }]);
  });

  it("stays with a newer token of the same person", async () => {
    let issued = 0;
    const { client } = withPush(null, () => tokenOf("ñandú", issued++));
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    watch.refresh();
    await pass(60_000);
    expect(issued).toBeGreaterThan(2);
    expect(FakeSocket.all.map((one) => one.readyState)).toEqual([1]);
  });

  it("uses no ticket of another person", async () => {
    let token = tokenOf("ana");
    const { api, client } = withPush(null, () => token);
    const usual = api.reply;
    let tickets = 0;
    api.reply = (request) =>
      request.path === "events/tickets"
        ? { ...ok({ ticket: `${++tickets}`, expires_in: 60, url: null }), upMs: 1_000 }
        : usual(request);
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(500);
    token = tokenOf("ben");
    watch.refresh();
    await pass(6_000);
    expect(FakeSocket.all.map((one) => one.url)).toEqual(["wss://pulso.example/events?token=2"]);
  });

  it("polls where there is no push", async () => {
    const api = new FakeApi(({ path }) =>
      path === "events/tickets"
        ? { status: 404, body: () => problem(404, "NOT_FOUND") }
        : { body: () => status(1) },
    );
    const client = createClient({ baseUrl: api.baseUrl, webSocket: FakeSocket });
    client.watchBatch(ID, { onUpdate() {} });
    await pass(60_000);
    expect(FakeSocket.all).toEqual([]);
    expect(api.sent.filter((one) => one.path === "events/tickets")).toHaveLength(1);
    expect(api.sent).toHaveLength(14);
  });

  it("polls for minutes after newer connections displaced its own", async () => {
    const { client, polls } = withPush();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(10, 7);
    FakeSocket.last.tell({ type: "error", code: "TOO_MANY_CONNECTIONS", message: "Too many." });
    FakeSocket.last.close();
    await pass(4 * 60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(polls()).toBeGreaterThan(40);
    await pass(65_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("keeps these minutes for whoever watches next", async () => {
    const page = new FakePage();
    const { client } = withPush();
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tell({ type: "error", code: "TOO_MANY_CONNECTIONS", message: "Too many." });
    page.hide();
    page.show();
    await pass(60_000);
    watch.stop();
    client.watchBatch("another", { onUpdate() {} });
    await pass(3 * 60_000);
    expect(FakeSocket.all).toHaveLength(1);
    await pass(65_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("keeps the minutes after a refusal for whoever watches next", async () => {
    const { api, client } = withPush();
    const usual = api.reply;
    let tickets = 0;
    api.reply = (request) => {
      if (request.path !== "events/tickets") return usual(request);
      tickets += 1;
      return { status: 403, body: () => problem(403, "FORBIDDEN") };
    };
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(1_000);
    watch.stop();
    await pass(3_000);
    client.watchBatch("another", { onUpdate() {} });
    await pass(1_000);
    expect(tickets).toBe(1);
    await pass(5 * 60_000);
    expect(tickets).toBe(2);
  });

  it("replaces a connection that the API has forgotten", async () => {
    const { client } = withPush();
    client.watchBatch(ID, { onUpdate() {} });
    const first = await told();
    first.tell({ type: "error", code: "UNAUTHENTICATED", message: "The connection has ended." });
    expect(first.readyState).toBe(3);
    await pass(5_000);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ action: "subscribe", batch_id: ID }]);
    FakeSocket.last.tell({ type: "error", batch_id: ID, code: "UNAUTHENTICATED", message: "No." });
    await pass(30_000);
    expect(FakeSocket.all.map((one) => one.readyState)).toEqual([3, 1]);
  });

  it("rests between connections that are forgotten before they are told a state", async () => {
    const { client } = withPush();
    client.watchBatch(ID, { onUpdate() {} });
    for (let second = 0; second < 600; second += 2) {
      await pass(2_000);
      const socket = FakeSocket.last;
      if (socket.readyState === 0) {
        socket.open();
        socket.tell({ type: "subscribed", batch_id: ID });
      }
      if (socket.sent.at(-1)?.action !== "ping") continue;
      socket.tell({ type: "error", code: "UNAUTHENTICATED", message: "It has ended." });
    }
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("closes a connection that is dead, and one that nobody needs", async () => {
    const { client } = withPush();
    const watch = client.watchBatch(ID, { onUpdate() {} });
    const first = await told();
    await pass(15_000);
    expect(first.readyState).toBe(3);
    await pass(5_000);
    const second = FakeSocket.last;
    second.open();
    watch.stop();
    expect(second.sent.at(-1)).toEqual({ action: "unsubscribe", batch_id: ID });
    await pass(2_000);
    expect(second.readyState).toBe(3);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("closes a connection that opens when nobody needs it any more", async () => {
    const { client } = withPush();
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    watch.stop();
    FakeSocket.last.open();
    await pass(2_000);
    expect(FakeSocket.last.readyState).toBe(3);
  });

  it("keeps a connection that is being made for whoever comes next", async () => {
    const { client } = withPush();
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    watch.stop();
    await pass(1_000);
    client.watchBatch(ID, { onUpdate() {} });
    await pass(3_000);
    expect(FakeSocket.last.readyState).toBe(0);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ action: "subscribe", batch_id: ID }]);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("replaces a connection that never opens", async () => {
    const { client } = withPush();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    await pass(15_000 + 4_000);
    expect(FakeSocket.all.map((one) => one.readyState)).toEqual([3, 0]);
  });

  it("replaces one that never opens after another attempt failed", async () => {
    const page = new FakePage();
    const { api, client } = withPush();
    const usual = api.reply;
    const tickets: Reply[] = [
      { ...ok({ ticket: "a", expires_in: 60, url: null }), upMs: 1_000 },
      { status: 503, upMs: 2_000, body: () => problem(503, "DATABASE_UNAVAILABLE") },
    ];
    api.reply = (request) =>
      (request.path === "events/tickets" && tickets.shift()) || usual(request);
    client.watchBatch(ID, { onUpdate() {} });
    await pass(100);
    page.hide();
    page.show();
    await pass(3_000);
    expect(tickets).toEqual([]);
    expect(FakeSocket.all.map((one) => one.readyState)).toEqual([0]);
    await pass(15_000 + 4_000);
    expect(FakeSocket.all[0]?.readyState).toBe(3);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("is closed in a hidden tab", async () => {
    const page = new FakePage();
    const { client } = withPush("wss://push.example/events");
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    expect(FakeSocket.last.url).toBe("wss://push.example/events?token=a%2Bb");
    FakeSocket.last.open();
    page.hide();
    expect(FakeSocket.last.readyState).toBe(3);
    await pass(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    page.show();
    await pass(100);
    expect(FakeSocket.all).toHaveLength(2);
  });
});
