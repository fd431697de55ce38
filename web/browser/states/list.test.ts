import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { FakeApi, ORIGIN, overview, row } from "../fakeApi";
import { eventually } from "../opened";
import { fill } from "../samples";
import { askAgain, isWithinWindow, shown, usePage } from "./helpers";

const open = usePage();

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label"));

describe("the list", () => {
  test("is empty, or nothing matches", async () => {
    const api = new FakeApi();
    const page = await open(api, "/batches");
    await shown(page, "There are no batches yet.");
    api.batches = [row(1)];
    await page.goto(`${ORIGIN}/batches?q=nothing`);
    await shown(page, "No batch matches the filters.");
    await page.getByRole("link", { name: "Clear the filters" }).click();
    await shown(page, "Cobranza 1");
  });

  test("2,000 rows scroll to the end with few of them drawn, and come back after a reload", async () => {
    const api = new FakeApi();
    api.batches = Array.from({ length: 2000 }, (_, i) => row(i));
    const page = await open(api, "/batches");
    await shown(page, "Cobranza 0");
    let most = 0;
    await eventually(async () => {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      most = Math.max(most, await page.locator(".row").count());
      return page.getByText("Cobranza 1999", { exact: true }).isVisible();
    }, "the last row is shown");
    expect(most).toBeLessThanOrEqual(400);
    await shown(page, "2,000 batches");

    const asked = api.asked.length;
    await page.reload();
    await shown(page, "Cobranza 1999");
    expect(api.asked.length - asked).toBeLessThan(10);
    await page.getByRole("link", { name: "Cobranza 1999", exact: true }).click();
    await page.getByRole("heading", { name: "Cobranza 1999" }).waitFor();
    await page.goBack();
    await shown(page, "Cobranza 1999");
  });

  test.each(["name", "-name"])("by %s stores no cursor, which contains a name", async (sort) => {
    const api = new FakeApi();
    api.batches = Array.from({ length: 200 }, (_, i) => row(i));
    const page = await open(api, `/batches?sort=${sort}`);
    await shown(page, "Cobranza 0");
    await page.reload();
    await shown(page, "Cobranza 0");
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).toBe("{}");
  });

  test("held, it does not change until it is let go", async () => {
    const api = new FakeApi();
    api.batches = [row(1, { name: "first" })];
    const page = await open(api, "/batches");
    await shown(page, "first");
    await page.getByRole("button", { name: "Hold updates" }).click();
    await shown(page, /On hold, as of/);
    api.batches = [row(1, { name: "second" })];
    const asked = api.asked.length;
    await askAgain(page);
    expect(api.asked.slice(asked).filter((one) => one.includes("/batches"))).toEqual([]);
    expect(await page.getByText("first").count()).toBe(1);
    await page.getByRole("button", { name: "Go on updating" }).click();
    await shown(page, "second");
  });

  test("keeps the place of the keyboard when its row goes", async () => {
    const api = new FakeApi();
    api.batches = Array.from({ length: 5 }, (_, i) => row(i));
    const page = await open(api, "/batches");
    await page.getByRole("link", { name: "Cobranza 2", exact: true }).focus();
    api.batches.splice(2, 1);
    await askAgain(page);
    await page.getByText("Cobranza 2", { exact: true }).waitFor({ state: "detached" });
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Select Cobranza 3");
  });

  test("keeps the focus on a row that moves", async () => {
    const api = new FakeApi();
    api.batches = Array.from({ length: 5 }, (_, i) => row(i));
    const page = await open(api, "/batches");
    for (const [number, place] of [
      [3, 0],
      [0, 4],
    ] as const) {
      const name = `Cobranza ${number}`;
      await page.getByLabel(`Select ${name}`).focus();
      const from = api.batches.findIndex((one) => one.name === name);
      api.batches.splice(place, 0, ...api.batches.splice(from, 1));
      await askAgain(page);
      await page.locator(`.row:nth-child(${place + 1})`, { hasText: name }).waitFor();
      expect(await focused(page)).toBe(`Select ${name}`);
    }
  });

  test("takes no focus that the reader gave up", async () => {
    const api = new FakeApi();
    api.batches = Array.from({ length: 5 }, (_, i) => row(i));
    const page = await open(api, "/batches");
    await page.getByRole("link", { name: "Cobranza 3", exact: true }).focus();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    api.batches.splice(0, 0, ...api.batches.splice(3, 1));
    await askAgain(page);
    await page.locator(".row:first-child", { hasText: "Cobranza 3" }).waitFor();
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  });

  test("gives all that match as CSV, by an order that no recount changes", async () => {
    const api = new FakeApi();
    api.batches = Array.from({ length: 450 }, (_, i) =>
      row(i, { name: i % 2 ? `odd ${i}` : "even" }),
    );
    const page = await open(api, "/batches?q=odd&sort=-pending_jobs");
    await shown(page, "odd 1");
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^pulso-\d{4}-\d\d-\d\d\.csv$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString().trim().split("\r\n")).toHaveLength(226);
    const walked = api.asked.filter((one) => one.includes("limit=200"));
    expect(walked.map((one) => /sort=([^&]*)/.exec(one)?.[1])).toEqual(
      Array(2).fill("-created_at"),
    );
  });

  test("an active batch without work stands out", async () => {
    const api = new FakeApi();
    fill(api);
    const page = await open(api, "/batches");
    await shown(page, "Nothing for 12 min");
    const idle = page.locator(".row", { hasText: "Nothing for 12 min" }).getByRole("link");
    expect(await idle.getAttribute("title")).toMatch(/Last activity: \d{4}-.* UTC/);
  });

  test.each([20, -20])("a clock %i minutes off makes no batch idle, nor busy", async (minutes) => {
    const api = new FakeApi();
    const at = (ago: number) => new Date(Date.now() - ago * 60_000).toISOString();
    api.batches = [row(1, { last_activity_at: at(2.5) }), row(2, { last_activity_at: at(12.5) })];
    const body = { ...overview(), timestamp: at(4.5) };
    const headers = { warning: '110 - "Response is Stale"' };
    api.instead = (_, url) => (url.pathname.endsWith("/overview") ? { body, headers } : undefined);
    const time = Date.now() + minutes * 60_000;
    const page = await open(api, "/", {}, (fresh) => fresh.clock.install({ time }));
    await shown(page, "2 min ago");
    await shown(page, "Nothing for 12 min");
    await shown(page, /Shown as of 4 min ago/);
    await page.goto(`${ORIGIN}/batches`);
    await shown(page, /^Updated (now|\d sec)/);
  });
});

describe("hostile names", () => {
  const NAMES = [
    `<img src=x onerror="document.title='pwned'">`,
    "\u202Egnp.exe \u2067 right to left",
    "n".repeat(10_000),
    "ñ 🦙".repeat(2500),
  ];

  test.each([1280, 360])("do nothing and break no layout at %i px", async (width) => {
    const api = new FakeApi();
    api.batches = NAMES.map((name, i) =>
      row(i, { name, description: name, cancellation_reason: name }),
    );
    api.batches.push(row(9, { batch_id: `b${"9".repeat(199)}`, name: "long id" }));
    const page = await open(api, "/batches", { viewport: { width, height: 800 } });
    await shown(page, /onerror/);
    expect(await isWithinWindow(page)).toBe(true);
    const rows = await page
      .locator(".row")
      .evaluateAll((all) => all.map((one) => one.clientHeight));
    expect(new Set(rows).size).toBe(1);
    for (const batch of api.batches) {
      await page.goto(`${ORIGIN}/batches/${encodeURIComponent(batch.batch_id)}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await isWithinWindow(page)).toBe(true);
      expect(await page.locator("img").count()).toBe(0);
    }
    expect(await page.title()).not.toContain("pwned");
  });
});
