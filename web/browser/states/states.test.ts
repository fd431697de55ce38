import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { FakeApi, ORIGIN, overview, problem, row } from "../fakeApi";
import { eventually, useBrowser } from "../opened";
import { fill } from "../samples";

const browser = useBrowser();

async function open(
  api: FakeApi,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await browser.page(options, (fresh) => api.serve(fresh.context()));
  await page.goto(ORIGIN + path);
  return page;
}

const shown = (page: Page, text: string | RegExp) =>
  page.getByText(text).filter({ visible: true }).first().waitFor();

/** Has the page ask at once, as after a loss of the network, and waits for an answer. */
async function askAgain(page: Page): Promise<void> {
  const answer = page.waitForResponse("**/api/v1/**");
  await page.evaluate(() => {
    dispatchEvent(new Event("online"));
    void fetch("/api/v1/accounts");
  });
  await answer;
}

/** No part of the page reaches out of the window at its side. */
const isWithinWindow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

describe("an API that does not answer", () => {
  test("offline keeps the figures and says so; back online they move on", async () => {
    const api = new FakeApi();
    const page = await open(api, "/");
    await shown(page, "1,234");
    api.instead = () => "offline";
    await page.context().setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await shown(page, /No connection to Pulso.*Shown as of/);
    await shown(page, "1,234");
    api.overview = overview(1300);
    api.instead = () => undefined;
    await page.context().setOffline(false);
    await shown(page, "1,300");
    await shown(page, "+66");
    await shown(page, /^Updated/);
  });

  test.each([
    [429, "RATE_LIMITED", "Too many requests", { headers: { "retry-after": "1" } }],
    [503, "UNAVAILABLE", "not available", { headers: { "retry-after": "1" } }],
    [500, "INTERNAL_ERROR", "could not answer", {}],
  ])("%i is said, and left behind", async (status, code, text, more) => {
    const api = new FakeApi();
    fill(api);
    api.instead = () => problem(status, code, "no", more);
    const page = await open(api, "/batches");
    await shown(page, new RegExp(text));
    api.instead = () => undefined;
    await page.getByRole("button", { name: "Try again" }).click();
    await shown(page, "Corte de suministro hoy");
  });

  test("403 says what to do", async () => {
    const api = new FakeApi();
    api.instead = () => problem(403, "FORBIDDEN", "no");
    await shown(await open(api, "/batches?account_id=other"), /Ask whoever runs Pulso/);
  });

  test("an unknown batch is said to be one", async () => {
    await shown(
      await open(new FakeApi(), "/batches/none"),
      /does not exist, or you may not see it/,
    );
  });

  test("401 asks for a token, which opens the page and is kept nowhere", async () => {
    const api = new FakeApi();
    api.instead = () => problem(401, "UNAUTHENTICATED", "who?");
    const page = await open(api, "/");
    await page.getByLabel("Token").fill(" Bearer abc.def.ghi ");
    const sent = page.waitForRequest((request) => request.url().includes("overview"));
    api.instead = () => undefined;
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
    await shown(page, "1,234");
    expect(await (await sent).headerValue("authorization")).toBe("Bearer abc.def.ghi");
    const kept = await page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, document.cookie]),
    );
    expect(kept).not.toContain("abc.def");
  });
});

test("what one person saw is gone when another one signs in", async () => {
  const api = new FakeApi();
  let person = "";
  api.instead = () => (person === "" ? problem(401, "UNAUTHENTICATED", "who?") : undefined);
  const page = await open(api, "/batches");
  const signInAs = async (name: string, batch: string) => {
    await page.getByLabel("Token").fill(name);
    person = name;
    api.batches = [row(1, { name: batch })];
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  };
  await signInAs("first", "of the first");
  await shown(page, "of the first");
  await page.getByLabel("Select of the first").check();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Token").waitFor();
  expect(await page.getByText("of the first").count()).toBe(0);
  // Whatever is drawn from now on must be an answer to the second one.
  await page.evaluate(() => {
    const seen = window as unknown as { seen: string[] };
    seen.seen = [];
    new MutationObserver(() => seen.seen.push(document.body.textContent ?? "")).observe(
      document.body,
      { childList: true, subtree: true, characterData: true },
    );
  });
  await signInAs("second", "of the second");
  await shown(page, "of the second");
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen.join());
  expect(seen).not.toContain("of the first");
  expect(seen).not.toContain("selected");
});

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

  test("held, it does not change until it is let go", async () => {
    const api = new FakeApi();
    api.batches = [row(1, { name: "first" })];
    const page = await open(api, "/batches");
    await shown(page, "first");
    await page.getByRole("button", { name: "Hold updates" }).click();
    await shown(page, /Held since/);
    api.batches = [row(1, { name: "second" })];
    const asked = api.asked.length;
    await askAgain(page);
    expect(api.asked.slice(asked).filter((one) => one.includes("/batches"))).toEqual([]);
    expect(await page.getByText("first").count()).toBe(1);
    await page.getByRole("button", { name: "Go on updating" }).click();
    await shown(page, "second");
  });

  test("gives all that match as CSV", async () => {
    const api = new FakeApi();
    api.batches = Array.from({ length: 450 }, (_, i) =>
      row(i, { name: i % 2 ? `odd ${i}` : "even" }),
    );
    const page = await open(api, "/batches?q=odd");
    await shown(page, "odd 1");
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^pulso-\d{4}-\d\d-\d\d\.csv$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString().trim().split("\r\n")).toHaveLength(226);
  });

  test("an active batch without work stands out", async () => {
    const api = new FakeApi();
    fill(api);
    await shown(await open(api, "/batches"), "Nothing for 12 min");
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

describe("one batch", () => {
  test("is cancelled through 202, and says when it is done", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    const batch = api.batches[0];
    if (!batch) throw new Error();
    let reason: string | null = null;
    api.instead = (method, url) => {
      if (method !== "POST") return undefined;
      reason = url.searchParams.get("reason");
      Object.assign(batch, { status: "cancelled", is_active: false, is_cancelling: true });
      Object.assign(batch, { pending_jobs: 1000, scheduled_jobs: 0, cancelled_jobs: 1600 });
      return { status: 202, body: { success: true, message: "ok", reason } };
    };
    const page = await open(api, `/batches/${batch.batch_id}`);
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel Cobranza 1" });
    await dialog.getByText("2,600 waiting jobs will be cancelled.").waitFor();
    await dialog.getByText("12 calls under way end by themselves.").waitFor();
    await dialog.getByLabel("Reason").fill("  Client asked 🦙 ");
    await dialog.getByText("14 of 500").waitFor();
    await dialog.getByRole("button", { name: "Cancel batch" }).click();
    await askAgain(page);
    await dialog.getByText(/1,000 jobs are still to be marked/).waitFor();
    expect(reason).toMatch(/Client asked 🦙/);
    Object.assign(batch, { is_cancelling: false, pending_jobs: 0, cancelled_jobs: 2600 });
    await askAgain(page);
    await dialog.getByText(/2,600 jobs cancelled/).waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    expect(await page.getByRole("button", { name: /Cancel batch/ }).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  });

  test("a refusal says why, where it was asked", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    api.instead = (method) => (method === "POST" ? problem(403, "FORBIDDEN", "no") : undefined);
    const page = await open(api, `/batches/${row(1).batch_id}`);
    await page.getByRole("button", { name: "Pause batch" }).click();
    await page
      .getByRole("alert")
      .getByText(/not allowed/)
      .waitFor();
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Cancel batch" }).click();
    await dialog
      .getByRole("alert")
      .getByText(/not allowed/)
      .waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel batch…");
  });

  test("a reason that the API would refuse is not sent", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    const page = await open(api, `/batches/${row(1).batch_id}`);
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("x".repeat(502));
    await dialog.getByRole("button", { name: "Cancel batch" }).click();
    await dialog.getByText("2 characters too many.").waitFor();
    expect(api.asked.filter((one) => one.startsWith("POST"))).toEqual([]);
  });
});

describe("pace", () => {
  test("and an estimate come after minutes, and go with a pause", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    const batch = api.batches[0];
    if (!batch) throw new Error();
    const page = await browser.page({}, async (fresh) => {
      await fresh.clock.install();
      await api.serve(fresh.context());
    });
    await page.goto(`${ORIGIN}/batches/${batch.batch_id}`);
    const pace = page.locator("dt", { hasText: "Pace" }).locator("+ dd");
    await pace.waitFor();
    expect(await pace.textContent()).toBe("–");
    for (let i = 0; i < 30; i++) {
      batch.completed_jobs += 5;
      batch.pending_jobs -= 5;
      const asked = api.asked.length;
      await page.clock.runFor(6_000);
      await eventually(() => api.asked.length > asked, "the batch is asked for again");
    }
    await eventually(
      async () => /\d+ a minute/.test((await pace.textContent()) ?? ""),
      "there is a pace",
    );
    const left = page.locator("dt", { hasText: "Time left" }).locator("+ dd");
    expect(await left.textContent()).toMatch(/\d.*–.*\d/);
    await page.getByRole("button", { name: "Pause batch" }).click();
    await page.clock.runFor(6_000);
    await eventually(async () => (await pace.textContent()) === "–", "a paused batch has no pace");
  });
});
