import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ORIGIN, problem, row } from "../fakeApi";
import { FakeOperations, ID } from "../fakeOperations";
import { eventually, useBrowser } from "../opened";
import { hasFocus, hold, listen, pressEscapeTwice } from "./helpers";

const browser = useBrowser();

async function open(operations: FakeOperations, path: string, options = {}): Promise<Page> {
  const page = await browser.page(options, (fresh) => operations.api.serve(fresh.context()));
  await page.goto(ORIGIN + path);
  await page.getByText("Cobranza 0", { exact: true }).waitFor();
  return page;
}

describe("many at once", () => {
  test("selected rows: a dry run, then what it counted, then how far it is", async () => {
    const operations = new FakeOperations(5);
    const page = await open(operations, "/batches");
    await page.getByLabel("Select Cobranza 0").check();
    await page.getByLabel("Select Cobranza 3").check();
    const bar = page.getByRole("region", { name: "2 batches selected" });
    await bar.getByRole("button", { name: "Cancel…" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel batches" });
    await dialog.getByText("2 batches will be cancelled").waitFor();
    await dialog.getByText("3 batches stay as they are.").waitFor();
    const order = await dialog
      .locator("p strong, textarea, button[type=submit]")
      .evaluateAll((all) => all.map((one) => one.tagName));
    expect(order).toEqual(["STRONG", "TEXTAREA", "BUTTON"]);
    await dialog.getByLabel("Reason").fill(" no more ");
    await dialog.getByRole("button", { name: "Cancel batches" }).click();
    await page.locator(".operation").getByText("1 of 2 batches done").waitFor();
    const ids = { batch_ids: [row(0)._id, row(3)._id], action: "cancel" };
    expect(operations.bodies).toEqual([
      { ...ids, dry_run: true },
      { ...ids, expected: 2, reason: "no more" },
    ]);
    expect(page.url()).toContain(`operation=${ID}`);
    expect(await page.locator("input:checked").count()).toBe(0);
    operations.finished = true;
    await page.reload();
    await page.getByText("2 batches changed · 48,210 jobs cancelled").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    expect(page.url()).not.toContain("operation");
  });

  test("a batch whose _id is a text of its own is named by its batch_id", async () => {
    const operations = new FakeOperations(2);
    operations.api.batches = [row(0, { _id: "imported 7" }), row(1)];
    const page = await open(operations, "/batches");
    await page.getByLabel("Select Cobranza 0").check();
    await page.getByLabel("Select Cobranza 1").check();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("dialog").getByText("2 batches will be paused").waitFor();
    expect(operations.bodies).toMatchObject([{ batch_ids: [row(0).batch_id, row(1)._id] }]);
    expect(await page.locator("input:checked").count()).toBe(2);
  });

  test("the view takes the focus of what goes", async () => {
    const operations = new FakeOperations(5);
    const page = await open(operations, "/batches");
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await page.getByLabel("Select Cobranza 0").check();
    await page.getByRole("button", { name: "Clear the selection" }).click();
    await page.locator(".selected").waitFor({ state: "detached" });
    expect(await focused()).toBe("content");
    await page.getByLabel("Select Cobranza 0").check();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("button", { name: "Pause batches" }).click();
    await page.locator(".operation").getByText("1 of 2 batches done").waitFor();
    expect(await focused()).toBe("content");
    await page.getByRole("button", { name: "Close" }).click();
    await page.locator(".operation").waitFor({ state: "detached" });
    expect(await focused()).toBe("content");
  });

  test("all that match need an account, which is chosen where they are taken", async () => {
    const operations = new FakeOperations(20);
    const page = await open(operations, "/batches?q=cob");
    await page.getByLabel("Select Cobranza 0").check();
    const bar = page.getByRole("region", { name: "1 batch selected" });
    const matching = bar.getByRole("button", { name: "All that match in Cliente Chile Principal" });
    expect(await matching.count()).toBe(0);
    await bar
      .getByLabel("For all that match, choose an account:")
      .selectOption("Cliente Chile Principal");
    await hasFocus(matching);
    await page.keyboard.press("Enter");
    await matching.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      "All that match in Cliente Chile Principal",
    );
    const taken = page.getByRole("region", { name: "All that match in Cliente Chile Principal" });
    for (const [button, done] of [
      ["Pause", "paused"],
      ["Resume", "resumed"],
      ["Cancel…", "cancelled"],
    ] as const) {
      await taken.getByRole("button", { name: button }).click();
      await page.getByRole("dialog").getByText(`2 batches will be ${done}`).waitFor();
      await page.keyboard.press("Escape");
    }
    // A resume leaves completed batches alone; what is stopped is stopped for sure.
    const which = { account_id: "acc-chile-001", q: "cob", dry_run: true };
    expect(operations.bodies).toEqual([
      { ...which, action: "pause", status: "active,paused,completed" },
      { ...which, action: "resume", status: "paused" },
      { ...which, action: "cancel", status: "active,paused,completed" },
    ]);
  });

  test("more than ten want their number typed", async () => {
    const operations = new FakeOperations(20);
    operations.batches = 12;
    const page = await open(operations, "/batches?account_id=acc-chile-001&status=active&q=cob");
    await page.getByLabel("Select Cobranza 0").check();
    await page.getByRole("button", { name: "All that match in Cliente Chile Principal" }).click();
    await page.getByRole("button", { name: "Cancel…" }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Cancel batches" });
    const field = page.getByLabel("Type 12 to confirm");
    await field.fill("11");
    expect(await confirm.isDisabled()).toBe(true);
    await field.fill("12");
    await confirm.click();
    await page.locator(".operation").getByText("1 of 12 batches done").waitFor();
    const which = { account_id: "acc-chile-001", status: "active", q: "cob", action: "cancel" };
    expect(operations.bodies).toEqual([
      { ...which, dry_run: true },
      { ...which, expected: 12 },
    ]);
  });

  test("Esc lets go of all that match, and other filters do so too", async () => {
    const operations = new FakeOperations(20);
    const page = await open(operations, "/batches?account_id=acc-chile-001");
    const bar = page.locator(".selected");
    const take = async () => {
      await page.getByLabel("Select Cobranza 0").check();
      await bar.getByRole("button", { name: "All that match in Cliente Chile Principal" }).click();
    };
    await take();
    await page.keyboard.press("Escape");
    await bar.waitFor({ state: "detached" });
    await take();
    await page.getByRole("button", { name: "Active", exact: true }).click();
    await bar.getByText("1 batch selected").waitFor();
    await bar.getByRole("button", { name: "All that match in Cliente Chile Principal" }).click();
    await page.getByLabel("Select Cobranza 3").check();
    await bar.getByText("2 batches selected").waitFor();
  });

  test.each([
    [1280, "Stop everything…"],
    [360, "Stop everything…"],
    [1280, "Cancel…"],
    [360, "Cancel…"],
  ])('at %i px, what "%s" asks for stands in its order', async (width, button) => {
    const operations = new FakeOperations(20);
    operations.batches = 12;
    const page = await open(operations, "/batches?account_id=acc-chile-001", {
      viewport: { width, height: 900 },
    });
    await page.getByLabel("Select Cobranza 0").check();
    await page.getByRole("button", { name: button }).click();
    await page.getByLabel("Type 12 to confirm").waitFor();
    const ends = await page
      .locator("dialog")
      .locator("textarea, .field:has(textarea) .muted, input, button[type=submit]")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
    expect(ends).toHaveLength(4);
    expect(ends).toEqual(ends.toSorted((one, other) => one - other));
    expect(new Set(ends).size).toBe(4);
  });

  test("a count that failed can be asked for again", async () => {
    const operations = new FakeOperations(3);
    const page = await open(operations, "/batches?account_id=acc-chile-001");
    const usual = operations.api.instead;
    operations.api.instead = () => problem(503, "UNAVAILABLE", "away");
    await page.getByRole("button", { name: "Stop everything…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog
      .getByText("Pulso is not available at the moment. Try again in a moment.")
      .waitFor();
    operations.api.instead = usual;
    await dialog.getByRole("button", { name: "Try again" }).click();
    await dialog.getByText("2 batches will be cancelled").waitFor();
    const status = "active,paused,completed";
    const which = { account_id: "acc-chile-001", status, action: "cancel" };
    expect(operations.bodies).toEqual([{ ...which, dry_run: true }]);
    expect(await dialog.getByRole("alert").count()).toBe(0);
    // The button has gone; what it stood in has the focus.
    expect(await dialog.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test("where completed batches make it too many, they are left out", async () => {
    const operations = new FakeOperations(3);
    const usual = operations.api.instead;
    operations.api.instead = (method, url, body, token) =>
      (body as { status?: string } | undefined)?.status?.includes("completed")
        ? problem(400, "TOO_MANY_BATCHES", "too many")
        : usual(method, url, body, token);
    const page = await open(operations, "/batches?account_id=acc-chile-001");
    await page.getByRole("button", { name: "Stop everything…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("2 batches will be cancelled").waitFor();
    await dialog.getByText(/completed batches it would be too many/).waitFor();
    await dialog.getByRole("button", { name: "Cancel batches" }).click();
    await page.locator(".operation").getByText("1 of 2 batches done").waitFor();
    const which = { account_id: "acc-chile-001", status: "active,paused", action: "cancel" };
    expect(operations.bodies).toEqual([
      { ...which, dry_run: true },
      { ...which, expected: 2 },
    ]);
  });

  test("an open dialog stays with the account that it was opened for", async () => {
    const operations = new FakeOperations(3);
    operations.api.batches.push(row(0, { _id: "f".repeat(24), account_id: "acc-peru-001" }));
    const page = await open(operations, "/batches?account_id=acc-peru-001");
    await page.getByLabel("Account").selectOption("Cliente Chile Principal");
    await page.getByText("Cobranza 0", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Stop everything…" }).click();
    const dialog = page.getByRole("dialog", { name: "Stop everything in Cliente Chile Principal" });
    await dialog.getByText("2 batches will be cancelled").waitFor();
    await page.goBack();
    await page.waitForURL(/account_id=acc-peru-001/);
    await dialog.getByRole("button", { name: "Cancel batches" }).click();
    await page.locator(".operation").getByText("1 of 2 batches done").waitFor();
    expect(operations.bodies.map(({ account_id }) => account_id)).toEqual([
      "acc-chile-001",
      "acc-chile-001",
    ]);
    expect(page.url()).toContain("account_id=acc-chile-001");
  });

  test("how far an operation is does not pass for new while it can't be read", async () => {
    const operations = new FakeOperations(3);
    const page = await open(operations, `/batches?operation=${ID}`);
    await page.locator(".operation").getByText("1 of 2 batches done").waitFor();
    operations.api.instead = () => problem(503, "UNAVAILABLE", "away");
    await page
      .locator(".operation")
      .getByText(/not available.*Shown as of/)
      .waitFor();
    await page.locator(".operation").getByText("1 of 2 batches done").waitFor();
  });

  test("a number that changed is counted and confirmed again", async () => {
    const operations = new FakeOperations(20);
    operations.batches = 12;
    operations.refusal = problem(409, "SELECTION_CHANGED", "changed");
    const page = await open(operations, "/batches?account_id=acc-chile-001");
    await page.getByRole("button", { name: "Stop everything…" }).click();
    const dialog = page.getByRole("dialog", { name: "Stop everything in Cliente Chile Principal" });
    await dialog.getByLabel("Type 12 to confirm").fill("12");
    operations.batches = 13;
    await dialog.getByRole("button", { name: "Cancel batches" }).click();
    await dialog.getByText("The batches have changed meanwhile.").waitFor();
    const field = dialog.getByLabel("Type 13 to confirm");
    expect(await field.inputValue()).toBe("");
    operations.refusal = undefined;
    await field.fill("13");
    await dialog.getByRole("button", { name: "Cancel batches" }).click();
    await page.locator(".operation").getByText("1 of 13 batches done").waitFor();
    await eventually(() => operations.bodies.at(-1)?.expected === 13, "the new number was sent");
  });

  test("while it is sent, the dialog stays, and says what came of it", async () => {
    const operations = new FakeOperations(2);
    operations.refusal = problem(503, "UNAVAILABLE", "away");
    const page = await open(operations, "/batches?account_id=acc-chile-001");
    await page.getByRole("button", { name: "Stop everything…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("2 batches will be cancelled").waitFor();
    const letGo = await hold(page, "**/batch-operations");
    await dialog.getByRole("button", { name: "Cancel batches" }).click();
    await dialog.getByText("Sending…").waitFor();
    await pressEscapeTwice(page);
    for (const name of ["Close", "Don't cancel"]) {
      expect(await dialog.getByRole("button", { name }).isDisabled(), name).toBe(true);
    }
    letGo();
    await dialog.getByRole("alert").getByText("Pulso is not available").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test.each([
    ["begun", "0 of 2 batches done"],
    ["refused", "Pulso is not available at the moment. Try again in a moment."],
  ])("left while it is sent, it says that it was %s, and leads nowhere", async (became, said) => {
    const operations = new FakeOperations(2);
    if (became === "refused") operations.refusal = problem(503, "UNAVAILABLE", "away");
    const page = await open(operations, "/?account_id=acc-chile-001");
    await page.getByRole("link", { name: "Batches", exact: true }).click();
    await page.getByRole("button", { name: "Download CSV" }).waitFor();
    await page.getByRole("button", { name: "Stop everything…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("2 batches will be cancelled").waitFor();
    const letGo = await hold(page, "**/batch-operations");
    const sent = page.waitForRequest("**/batch-operations");
    await dialog.getByRole("button", { name: "Cancel batches" }).click();
    await sent;
    await page.goBack();
    await dialog.waitFor({ state: "detached" });
    const url = page.url();
    const isSaid = await listen(page);
    letGo();
    await isSaid(`Stop everything in Cliente Chile Principal: ${said}`);
    expect(page.url()).toBe(url);
  });

  test("how far it is, is said when it begins and when it ends", async () => {
    const operations = new FakeOperations(3);
    const page = await open(operations, "/batches");
    const isSaid = await listen(page);
    await page.getByLabel("Select Cobranza 0").check();
    await page.getByRole("button", { name: "Cancel…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel batches" }).click();
    await isSaid("Cancel batches: 1 of 2 batches done");
    expect(await page.locator(".operation").getByRole("status").count()).toBe(0);
    operations.finished = true;
    await isSaid("Cancel batches: 2 batches changed");
  });

  test("a refusal says why, and nothing can be confirmed", async () => {
    const operations = new FakeOperations(2);
    const page = await open(operations, "/batches");
    operations.api.instead = (method) =>
      method === "POST" ? problem(403, "FORBIDDEN", "no") : undefined;
    await page.getByLabel("Select Cobranza 0").check();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Pause batches" });
    await dialog
      .getByRole("alert")
      .getByText(/not allowed/)
      .waitFor();
    expect(await dialog.getByRole("button", { name: "Pause batches" }).isDisabled()).toBe(true);
    expect(await dialog.getByRole("button", { name: "Try again" }).count()).toBe(0);
  });
});
