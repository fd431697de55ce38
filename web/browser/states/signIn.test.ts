import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { FakeApi, ORIGIN, problem } from "../fakeApi";
import { FakeIssuer } from "../fakeIssuer";
import { eventually } from "../opened";
import { fill } from "../samples";
import { askAgain, shown, usePage } from "./helpers";

const open = usePage();
const DEEP = "/batches?status=paused&q=satisfacci%C3%B3n";

/** The page, an issuer, and an API that wants a token of it. */
function parts(changes: Partial<FakeIssuer> = {}) {
  const issuer = Object.assign(new FakeIssuer(), changes);
  const api = new FakeApi();
  fill(api);
  api.config = issuer.config;
  const sent: string[] = [];
  api.instead = (_, __, ___, token) => {
    if (token === undefined || !issuer.tokens.includes(token)) return refused;
    sent.push(token);
    return undefined;
  };
  return { issuer, api, sent };
}

const refused = problem(401, "UNAUTHENTICATED", "who?");

/** Opens a URL, and notes every URL that the browser asks for and every line that it logs. */
async function visit({ issuer, api }: ReturnType<typeof parts>, url = DEEP) {
  const traces: string[] = [];
  const page = await open(api, url, {}, async (fresh) => {
    await issuer.serve(fresh.context());
    fresh.on("request", (request) => traces.push(request.url()));
    fresh.on("framenavigated", (frame) => traces.push(frame.url()));
    fresh.on("console", (message) => traces.push(message.text()));
  });
  return { page, traces };
}

const signInButton = (page: Page) =>
  page.getByRole("main").getByRole("button", { name: "Sign in" });
const stored = (page: Page) =>
  page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));

describe("a sign-in at the issuer", () => {
  test("leads back to the deep link; no token is in storage, URL or log", async () => {
    const all = parts();
    const { page, traces } = await visit(all);
    await page.getByRole("link", { name: "Log in" }).click();
    await shown(page, "Encuesta de satisfacción");
    expect(page.url()).toBe(ORIGIN + DEEP);
    expect(all.sent.every((token) => token === all.issuer.tokens[0])).toBe(true);
    expect(await stored(page)).toBe('[{},{},""]');
    expect(all.issuer.tokens).toHaveLength(3);
    for (const token of all.issuer.tokens) expect(traces.join("\n")).not.toContain(token);
  });

  test("is done by itself while the issuer knows the reader, also after a reload", async () => {
    const all = parts({ isSignedIn: true });
    const { page } = await visit(all);
    await shown(page, "Encuesta de satisfacción");
    await page.reload();
    await shown(page, "Encuesta de satisfacción");
    expect(page.url()).toBe(ORIGIN + DEEP);
    expect(all.issuer.count("/authorize")).toBe(2);
    expect(all.issuer.count("/log-in")).toBe(0);
  });

  test.each([
    ["the reader", true, DEEP],
    ["nobody who signs in after them", false, "/batches"],
  ])("leads %s back to the list after a reload", async (_, isSame, list) => {
    const all = parts({ isSignedIn: true, endsSessions: false });
    const { page } = await visit(all);
    await page.getByRole("link", { name: "Encuesta de satisfacción" }).click();
    const batch = page.getByRole("heading", { name: "Encuesta de satisfacción" });
    await batch.waitFor();
    if (!isSame) {
      await page.getByRole("button", { name: "Sign out" }).click();
      await signInButton(page).click();
      await batch.waitFor();
    }
    for (let reloads = 0; reloads < 2; reloads++) {
      await page.reload();
      await batch.waitFor();
    }
    await page.getByRole("main").getByRole("link", { name: "Batches" }).click();
    await shown(page, "Encuesta de satisfacción");
    expect(page.url()).toBe(ORIGIN + list);
  });

  test("that is refused says so, and can be tried again", async () => {
    const all = parts({ refusal: "access_denied" });
    const { page } = await visit(all);
    await shown(page, /You were not let in/);
    expect(page.url()).toBe(ORIGIN + DEEP);
    all.issuer.refusal = undefined;
    all.issuer.isSignedIn = true;
    await signInButton(page).click();
    await shown(page, "Encuesta de satisfacción");
    expect(page.url()).toBe(ORIGIN + DEEP);
  });

  test.each([
    ["another refusal", { refusal: "invalid_scope" }, /failed \(invalid_scope\)/],
    ["an ID token for another sign-in", { wrongNonce: "other" }, /failed \(OAUTH_JWT_CLAIM/],
    ["an issuer that is away", { isAway: true }, /can't be reached/],
  ])("with %s ends with a message", async (_, changes, message) => {
    const all = parts({ isSignedIn: true, ...changes });
    const { page } = await visit(all);
    await shown(page, message);
    expect(all.sent).toEqual([]);
    expect(await stored(page)).toBe('[{},{},""]');
  });

  test("that this tab did not begin asks for no token", async () => {
    const all = parts({ isSignedIn: true });
    const { page } = await visit(all, "/?code=stolen&state=other");
    await shown(page, /no longer valid/);
    expect(page.url()).toBe(`${ORIGIN}/`);
    expect(all.issuer.count("/token")).toBe(0);
  });

  test("with a wrong clock says so", async () => {
    const all = parts({ isSignedIn: true });
    const page = await open(all.api, DEEP, {}, async (fresh) => {
      await all.issuer.serve(fresh.context());
      await fresh.clock.setFixedTime(Date.now() + 86_400_000);
    });
    await shown(page, /clock of this machine/);
  });

  test("whose token the API refuses is not repeated for ever", async () => {
    const all = parts({ isSignedIn: true });
    all.api.instead = () => refused;
    const { page } = await visit(all);
    await shown(page, /does not accept this sign-in/);
    expect(all.issuer.count("/authorize")).toBe(1);
  });
});

test.each([
  ["no answer", "offline" as const],
  ["a failure", 500],
])("with %s for config.json the page asks for no token, and can try again", async (_, failure) => {
  const all = parts({ isSignedIn: true });
  all.api.configFailure = failure;
  const { page } = await visit(all);
  await page
    .getByRole("alert")
    .getByText(/settings of this page/)
    .waitFor();
  expect(await page.getByLabel("Token").count()).toBe(0);
  all.api.configFailure = undefined;
  await page.getByRole("button", { name: "Try again" }).click();
  await shown(page, "Encuesta de satisfacción");
  expect(page.url()).toBe(ORIGIN + DEEP);
});

describe("a token that ends", () => {
  test("is renewed unnoticed, once for all that wait", async () => {
    const all = parts({ isSignedIn: true, lifetime: 120 });
    const page = await open(all.api, DEEP, {}, async (fresh) => {
      await all.issuer.serve(fresh.context());
      await fresh.clock.install();
    });
    await shown(page, "Encuesta de satisfacción");
    all.issuer.lifetime = 3600;
    await page.clock.fastForward(61_000);
    const first = all.sent[0];
    await eventually(async () => {
      await askAgain(page);
      return all.sent.at(-1) !== first;
    }, "another token is sent");
    expect(all.issuer.count("/token")).toBe(2);
    expect(all.issuer.count("/authorize")).toBe(1);
    expect(await signInButton(page).count()).toBe(0);
  });

  test("and can't be renewed sends the reader to the issuer and back", async () => {
    const all = parts({ isSignedIn: true, lifetime: 0, givesRefreshTokens: false });
    const { page } = await visit(all);
    await shown(page, "Encuesta de satisfacción");
    all.issuer.tokens.length = 0;
    all.issuer.lifetime = 3600;
    await askAgain(page);
    await eventually(() => all.issuer.count("/authorize") === 2, "the issuer is asked again");
    await shown(page, "Encuesta de satisfacción");
    expect(page.url()).toBe(ORIGIN + DEEP);
  });
});

test("signing out ends the session at the issuer, and nobody is signed in again unasked", async () => {
  const all = parts({ isSignedIn: true });
  const { page, traces } = await visit(all);
  await shown(page, "Encuesta de satisfacción");
  await page.reload();
  await shown(page, "Encuesta de satisfacción");
  expect(await stored(page)).toContain("cursor");
  await page.getByRole("button", { name: "Sign out" }).click();
  await shown(page, "You have signed out of Pulso.");
  expect(await stored(page)).toBe('[{},{},""]');
  expect(all.issuer.isSignedIn).toBe(false);
  expect(all.issuer.count("/authorize")).toBe(2);
  for (const token of all.issuer.tokens) expect(traces.join("\n")).not.toContain(token);
  await signInButton(page).click();
  await page.getByRole("link", { name: "Log in" }).click();
  await shown(page, "1,234");
});

describe("a token that is pasted", () => {
  test.each(["a.b.c…", "a b.c"])("and can be none, %s, is refused at once", async (token) => {
    const api = new FakeApi();
    fill(api);
    api.instead = (_, __, ___, sent) => (sent === "a.b.c" ? undefined : refused);
    const page = await open(api, "/batches");
    const field = page.getByLabel("Token");
    await field.fill(token);
    await page.keyboard.press("Enter");
    await shown(page, "This is not a whole token. Copy it again.");
    await field.fill(" Bearer a.b.c ");
    await page.keyboard.press("Enter");
    await shown(page, "Encuesta de satisfacción");
  });
});
