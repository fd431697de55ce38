import { describe, expect, test } from "vitest";
import { FakeApi, problem, row } from "../fakeApi";
import { eventually } from "../opened";
import { fill } from "../samples";
import { askAgain, hasFocus, hold, listen, pressEscapeTwice, usePage } from "./helpers";

const open = usePage();

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
      batch.cancelled_at = new Date().toISOString();
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
    await dialog.getByText(/1,000 jobs are still to be cancelled/).waitFor();
    expect(reason).toMatch(/Client asked 🦙/);
    Object.assign(batch, { is_cancelling: false, pending_jobs: 0, cancelled_jobs: 2600 });
    await askAgain(page);
    await dialog.getByText(/2,600 jobs cancelled/).waitFor();
    await hasFocus(dialog.getByRole("button", { name: "Done" }));
    await page.keyboard.press("Enter");
    expect(await page.getByRole("button", { name: /Cancel batch/ }).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  });

  test.each([200, 202])("cancelled through %i, it is so before it is read anew", async (status) => {
    const api = new FakeApi();
    api.batches = [row(1)];
    api.instead = (method) => {
      if (method !== "POST") return undefined;
      api.instead = () => problem(503, "DATABASE_UNAVAILABLE", "away");
      return { status, body: { success: true, message: "ok", reason: null } };
    };
    const page = await open(api, `/batches/${row(1).batch_id}`);
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Cancel batch" }).click();
    await dialog.getByText("The batch is cancelled.", { exact: true }).waitFor();
    const shown = await dialog.getByRole("progressbar").all();
    const values = shown.map((bar) => bar.getAttribute("value"));
    expect(await Promise.all(values)).toEqual(status === 202 ? [null] : []);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.locator(".headline").getByText("Cancelled").waitFor();
    expect(await page.locator(".actions button").count()).toBe(0);
  });

  test("a double click pauses it, and does not resume it", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    const page = await open(api, `/batches/${row(1).batch_id}`);
    await page.getByRole("button", { name: "Pause batch" }).click();
    const resume = page.getByRole("button", { name: "Resume batch" });
    await resume.hover();
    await page.locator('.actions [aria-disabled="false"]').waitFor();
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    await page.getByRole("dialog").waitFor();
    expect(api.asked.filter((one) => one.startsWith("POST"))).toHaveLength(1);
  });

  test("opened by its _id, it is named so in what is done with it", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    const path = `/batches/${row(1)._id}`;
    const page = await open(api, path);
    await page.getByRole("button", { name: "Pause batch" }).click();
    await page.getByRole("button", { name: "Resume batch" }).waitFor();
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel batch" }).click();
    await page.getByRole("alert").waitFor();
    // The client asks anew what is watched under the same name.
    expect(api.asked.filter((one) => one.startsWith("POST"))).toEqual([
      `POST ${path}/pause`,
      `POST ${path}/cancel?reason=`,
    ]);
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

  test("while a cancel is sent, its dialog stays, and says what came of it", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    api.instead = (method) => (method === "POST" ? problem(403, "FORBIDDEN", "no") : undefined);
    const page = await open(api, `/batches/${row(1).batch_id}`);
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    const dialog = page.getByRole("dialog");
    const letGo = await hold(page, "**/cancel*");
    await dialog.getByRole("button", { name: "Cancel batch" }).click();
    await dialog.getByText("Sending…").waitFor();
    await pressEscapeTwice(page);
    for (const name of ["Close", "Pause instead", "Don't cancel"]) {
      expect(await dialog.getByRole("button", { name }).isDisabled(), name).toBe(true);
    }
    letGo();
    await dialog
      .getByRole("alert")
      .getByText(/not allowed/)
      .waitFor();
  });

  test.each(["pause", "cancel"])(
    "left while a %s is sent, it says elsewhere what failed",
    async (action) => {
      const api = new FakeApi();
      api.batches = [row(1)];
      api.instead = (method) => (method === "POST" ? problem(403, "FORBIDDEN", "no") : undefined);
      const page = await open(api, "/batches");
      await page.getByRole("link", { name: "Cobranza 1" }).click();
      const letGo = await hold(page, `**/${action}*`);
      const sent = page.waitForRequest(`**/${action}*`);
      if (action === "pause") await page.getByRole("button", { name: "Pause batch" }).click();
      else {
        await page.getByRole("button", { name: "Cancel batch…" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Cancel batch" }).click();
      }
      await sent;
      await page.goBack();
      await page.getByRole("heading", { name: "Batches" }).waitFor();
      const isSaid = await listen(page);
      letGo();
      await isSaid(
        "Cobranza 1: You are not allowed to do this. Ask whoever runs Pulso for access.",
      );
    },
  );

  test("a cancel that runs speaks when it begins and ends, not at each number", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    const cancelled = (changes: object) =>
      Object.assign(api.batches[0] ?? {}, { status: "cancelled", is_active: false }, changes);
    api.instead = (method) => {
      if (method !== "POST") return undefined;
      const cancelled_at = new Date().toISOString();
      cancelled({ cancelled_at, is_cancelling: true, pending_jobs: 1000, scheduled_jobs: 0 });
      return { status: 202, body: { success: true, message: "ok", reason: null } };
    };
    const page = await open(api, `/batches/${row(1).batch_id}`);
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Cancel batch" }).click();
    const said = dialog.getByRole("status");
    for (const left of [1000, 400]) {
      cancelled({ pending_jobs: left });
      await askAgain(page);
      await dialog.getByText(new RegExp(`${left.toLocaleString("en")} jobs are still`)).waitFor();
      expect(await said.textContent()).toBe("The batch is cancelled.");
    }
    expect(await dialog.getByRole("progressbar", { name: "Cancelling" }).count()).toBe(1);
    cancelled({ is_cancelling: false, pending_jobs: 0, cancelled_jobs: 2600 });
    await askAgain(page);
    await said.getByText("The batch is cancelled: 2,600 jobs cancelled.").waitFor();
  });

  test("calls by hour stay when they can't be read anew, with their age", async () => {
    const api = new FakeApi();
    fill(api);
    const page = await open(api, "/batches/batch-20261126-00000003");
    const hours = page.locator(".hours");
    await hours.getByText(/^Updated/).waitFor();
    const bars = await hours.getByRole("img").count();
    expect(bars).toBeGreaterThan(0);
    api.instead = (_, url) =>
      url.pathname.endsWith("/summary") ? problem(503, "UNAVAILABLE", "away") : undefined;
    await hours.getByRole("button", { name: "Refresh" }).click();
    await hours.getByRole("alert").getByText("Pulso is not available at the moment.").waitFor();
    expect(await hours.getByRole("img").count()).toBe(bars);
    await hours.getByText(/^Updated/).waitFor();
    api.instead = () => undefined;
    await hours.getByRole("button", { name: "Refresh" }).click();
    await hours.getByRole("alert").waitFor({ state: "detached" });
  });

  test("offline, an action is not said to be tried again, and the buttons stay where they are", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    const page = await open(api, `/batches/${row(1).batch_id}`);
    const pause = page.getByRole("button", { name: "Pause batch" });
    await pause.waitFor();
    const before = await pause.boundingBox();
    api.instead = (method) => (method === "POST" ? "offline" : undefined);
    await pause.click();
    const said = page.locator(".actions").getByRole("alert");
    expect(await said.textContent()).toBe("No connection to Pulso. Try again in a moment.");
    expect(await pause.boundingBox()).toEqual(before);
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Cancel batch" }).click();
    expect(await dialog.getByRole("alert").textContent()).toMatch(/Try again in a moment/);
  });

  test("leads back to the list with its filters, where it was scrolled to", async () => {
    const api = new FakeApi();
    api.batches = Array.from({ length: 60 }, (_, i) => row(i));
    api.instead = () => problem(401, "UNAUTHENTICATED", "who?");
    const page = await open(api, "/batches?status=active&sort=name");
    await page.getByLabel("Token").fill("any");
    api.instead = () => undefined;
    await page.keyboard.press("Enter");
    const link = page.getByRole("link", { name: "Cobranza 50", exact: true });
    await link.click();
    const scrolled = () => page.evaluate(() => scrollY);
    await page.getByRole("heading", { name: "Cobranza 50" }).waitFor();
    const back = page.getByRole("main").getByRole("link", { name: "Batches" });
    expect(await back.getAttribute("href")).toBe("/batches?status=active&sort=name");
    await back.click();
    await link.waitFor();
    expect(page.url()).toContain("/batches?status=active&sort=name");
    await eventually(async () => (await scrolled()) > 1000, "the list is where it was");
    await hasFocus(link);
  });

  test("leads back to the list with its filters after a reload", async () => {
    const api = new FakeApi();
    api.batches = [row(1), row(2)];
    const page = await open(api, "/batches?status=active&sort=name");
    await page.getByRole("link", { name: "Cobranza 1" }).click();
    await page.getByRole("heading", { name: "Cobranza 1" }).waitFor();
    await page.reload();
    await page.getByRole("main").getByRole("link", { name: "Batches" }).click();
    await page.getByRole("link", { name: "Cobranza 2" }).waitFor();
    expect(page.url()).toContain("/batches?status=active&sort=name");
    await page.goForward();
    await page.getByRole("heading", { name: "Cobranza 1" }).waitFor();
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
  test("and an estimate come after minutes, and go when it stands still and with a pause", async () => {
    const api = new FakeApi();
    api.batches = [row(1)];
    const batch = api.batches[0];
    if (!batch) throw new Error();
    const page = await open(api, `/batches/${batch.batch_id}`, {}, (fresh) =>
      fresh.clock.install(),
    );
    const pace = page.locator("dt", { hasText: "Pace" }).locator("+ dd");
    await pace.waitFor();
    expect(await pace.textContent()).toBe("–");
    // The next poll is timed from the answer, so the clock stands until it is there.
    const pollLater = async () => {
      const answer = page.waitForResponse("**/api/v1/batches/*");
      await page.clock.fastForward(30_000);
      await (await answer).finished();
    };
    for (let i = 0; i < 6; i++) {
      batch.completed_jobs += 25;
      batch.pending_jobs -= 25;
      await pollLater();
    }
    await eventually(
      async () => /\d+ a minute/.test((await pace.textContent()) ?? ""),
      "there is a pace",
    );
    const left = page.locator("dt", { hasText: "Time left" }).locator("+ dd");
    expect(await left.textContent()).toMatch(/\d.*–.*\d/);
    for (let i = 0; i < 12; i++) await pollLater();
    await eventually(
      async () => (await pace.textContent()) === "0 a minute",
      "a batch that stands still has no speed",
    );
    expect(await left.textContent()).toBe("–");
    await page.getByRole("button", { name: "Pause batch" }).click();
    await page.clock.runFor(6_000);
    await eventually(async () => (await pace.textContent()) === "–", "a paused batch has no pace");
  });
});
