import { describe, expect, test } from "vitest";
import { FakeApi, overview, problem, row } from "../fakeApi";
import { eventually } from "../opened";
import { fill } from "../samples";
import { askAgain, shown, usePage } from "./helpers";

const open = usePage();

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

  test("the figures of another account are no change of those before", async () => {
    const api = new FakeApi();
    api.instead = (_, url) =>
      url.searchParams.has("account_id") && url.pathname.endsWith("/overview")
        ? { body: overview(777) }
        : undefined;
    const page = await open(api, "/");
    await shown(page, "1,234");
    const picker = page.getByLabel("Account");
    await picker.focus();
    await picker.selectOption("Cliente Chile Principal");
    await shown(page, "777");
    expect(await page.locator(".change").count()).toBe(0);
    expect(await picker.evaluate((select) => select === document.activeElement)).toBe(true);
  });

  test("the age of the figures moves nothing beside it", async () => {
    const page = await open(new FakeApi(), "/?account_id=acc-chile-001", {}, (fresh) =>
      fresh.clock.install(),
    );
    await shown(page, /^Updated (now|\d sec)/);
    const picker = page.getByLabel("Account");
    const before = await picker.boundingBox();
    await page.clock.runFor(12_000);
    await shown(page, /^Updated \d\d sec/);
    expect(await picker.boundingBox()).toEqual(before);
  });

  test.each([
    [429, "RATE_LIMITED", "Too many requests", { headers: { "retry-after": "1" } }],
    [503, "UNAVAILABLE", "not available", { headers: { "retry-after": "1" } }],
    [500, "INTERNAL_ERROR", "could not answer", {}],
  ])("%i is said, and left behind", async (status, code, text, more) => {
    const api = new FakeApi();
    fill(api);
    let failures = 0;
    api.instead = (_, url) => {
      if (url.pathname.endsWith("/batches")) failures += 1;
      return problem(status, code, "no", more);
    };
    const page = await open(api, "/batches", {}, (fresh) => fresh.clock.install());
    await shown(page, new RegExp(text));
    // From here on it waits for longer than this test does.
    while (failures < 6) await page.clock.runFor(1_000);
    api.instead = () => undefined;
    await page.getByRole("button", { name: "Try again" }).click();
    await shown(page, "Corte de suministro hoy");
  });

  test.each(["/", `/batches/${row(1).batch_id}`])(
    '"Try again" on %s asks at once, however often it failed',
    async (path) => {
      const api = new FakeApi();
      api.batches = [row(1)];
      const isAsked = (url: string) => /\/overview$|\/v1\/batches\/batch[^/]*$/.test(url);
      api.instead = (_, { href }) =>
        isAsked(href) ? problem(500, "INTERNAL_ERROR", "no") : undefined;
      const page = await open(api, path, {}, (fresh) => fresh.clock.install());
      let failures = 0;
      page.on("requestfinished", (request) => {
        if (isAsked(request.url())) failures += 1;
      });
      // From here on it waits for longer than this test does.
      while (failures < 6) await page.clock.runFor(1_000);
      api.instead = () => undefined;
      const asked = page.waitForRequest((request) => isAsked(request.url()));
      await page.getByRole("button", { name: "Try again" }).click();
      await asked;
    },
  );

  test("an error of a proxy passes", async () => {
    const api = new FakeApi();
    api.instead = () => ({ status: 404, body: { message: "Not Found" } });
    const page = await open(api, "/", {}, (fresh) => fresh.clock.install());
    await shown(page, "Pulso could not answer. Trying again.");
    api.instead = () => undefined;
    const asked = page.waitForRequest((request) => request.url().includes("overview"));
    await page.clock.runFor(10_000);
    await asked;
    await shown(page, "1,234");
  });

  test("stale figures are as old as they say, and unfinished ones are said to be so", async () => {
    const api = new FakeApi();
    const body = overview();
    body.timestamp = new Date(Date.now() - 240_500).toISOString();
    const headers: Record<string, string> = { warning: '110 - "Response is Stale"' };
    api.instead = (_, url) => (url.pathname.endsWith("/overview") ? { body, headers } : undefined);
    const page = await open(api, "/");
    await shown(page, /no newer figures at the moment.*Shown as of \d min/);
    await shown(page, "1,234");
    delete headers.warning;
    headers["pulso-counting"] = "in-progress";
    await askAgain(page);
    await shown(page, /Still counting: the figures are too low. Updated/);
    headers["pulso-counting"] = "complete";
    await askAgain(page);
    await shown(page, /^Updated/);
  });

  test("the busiest batches are not passed off as new while they can't be read", async () => {
    const api = new FakeApi();
    fill(api);
    const page = await open(api, "/");
    await shown(page, "Corte de suministro hoy");
    api.instead = (_, url) =>
      url.pathname.endsWith("/batches") ? problem(500, "INTERNAL_ERROR", "no") : undefined;
    await askAgain(page);
    await page
      .locator(".busiest")
      .getByText(/could not answer.*Shown as of/)
      .waitFor();
    await shown(page, "Corte de suministro hoy");
  });

  test("accounts that could not be read are read again", async () => {
    const api = new FakeApi();
    const isFailed = { now: true };
    api.instead = (_, url) =>
      isFailed.now && url.pathname.endsWith("/accounts") ? "offline" : undefined;
    const page = await open(api, "/", {}, (fresh) => fresh.clock.install());
    await shown(page, "1,234");
    const option = page.getByLabel("Account").getByText("Cliente Chile Principal");
    expect(await option.count()).toBe(0);
    isFailed.now = false;
    await eventually(async () => {
      await page.clock.runFor(31_000);
      return (await option.count()) > 0;
    }, "the accounts are known");
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

test("the accounts of one person do not come late to another one", async () => {
  const api = new FakeApi();
  const isFirst = (token: string | undefined) => token?.endsWith("first") ?? false;
  api.instead = (_, url, __, token) => {
    if (token === undefined) return problem(401, "UNAUTHENTICATED", "who?");
    if (!url.pathname.endsWith("/accounts")) return undefined;
    return { body: [{ account_id: "a", name: isFirst(token) ? "of the first" : "of the second" }] };
  };
  const page = await open(api, "/");
  const signInAs = async (name: string) => {
    await page.getByLabel("Token").fill(name);
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
    await shown(page, "1,234");
  };
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route("**/api/v1/accounts", async (route) => {
    if (isFirst((await route.request().headerValue("authorization")) ?? undefined)) await gate;
    await route.fallback();
  });
  await signInAs("first");
  await page.getByRole("button", { name: "Sign out" }).click();
  await signInAs("second");
  const option = (name: string) => page.getByLabel("Account").getByText(name);
  await option("of the second").waitFor({ state: "attached" });
  const late = page.waitForEvent("requestfinished", (one) => one.url().endsWith("/accounts"));
  letGo();
  await late;
  await page.evaluate(() => {});
  expect(await option("of the first").count()).toBe(0);
});
