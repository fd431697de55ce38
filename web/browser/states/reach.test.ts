import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { FakeApi, ORIGIN, problem } from "../fakeApi";
import { FakeIssuer } from "../fakeIssuer";
import { eventually, useBrowser } from "../opened";
import { fill } from "../samples";
import { hasFocus, isWithinWindow } from "./helpers";

const browser = useBrowser();

async function open(path: string, options = {}, api = new FakeApi()): Promise<Page> {
  fill(api);
  const page = await browser.page({ bypassCSP: true, ...options }, (fresh) =>
    api.serve(fresh.context()),
  );
  await page.goto(ORIGIN + path);
  return page;
}

/** What axe finds, in both themes. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // Colours are final only then.
    await page.evaluate(() =>
      Promise.all(document.getAnimations().map((animation) => animation.finished)),
    );
    const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
    for (const { id, nodes } of violations) {
      found.push(...nodes.map((node) => `${colorScheme}: ${id}: ${node.html.slice(0, 200)}`));
    }
  }
  return found;
}

describe("axe finds nothing in either theme", () => {
  test.each([
    ["the overview", "/", "Active batches with most jobs waiting"],
    ["the list", "/batches", "Corte de suministro hoy"],
    ["a batch", "/batches/batch-20261126-00000003", "Calls by hour"],
    ["nothing", "/nowhere", "There is nothing here."],
  ])("in %s", async (_, path, text) => {
    const page = await open(path);
    await page.getByText(text).first().waitFor();
    if (path.includes("batch-")) await page.locator(".chart svg").first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("in dialogs, a selection, errors and sign-in", async () => {
    const api = new FakeApi();
    const page = await open("/batches", {}, api);
    await page.getByLabel("Select Corte de suministro hoy").check();
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${ORIGIN}/batches/batch-20261126-00000003`);
    await page.getByRole("button", { name: "Cancel batch…" }).click();
    expect(await violations(page)).toEqual([]);
    const preview = { action: "cancel", batches: 12, jobs: 48_210, unchanged: 3, examples: [] };
    api.instead = (method) => (method === "POST" ? { body: preview } : undefined);
    await page.goto(`${ORIGIN}/batches?account_id=acc-chile-001`);
    await page.getByRole("button", { name: "Stop everything…" }).click();
    await page.getByLabel("Type 12 to confirm").waitFor();
    expect(await violations(page)).toEqual([]);
    for (const status of [503, 401]) {
      api.instead = () => problem(status, "ANY", "no");
      await page.goto(`${ORIGIN}/batches`);
      await page.getByRole("alert").waitFor();
      expect(await violations(page)).toEqual([]);
    }
    api.configFailure = 500;
    await page.reload();
    await page.getByText(/settings of this page/).waitFor();
    expect(await violations(page)).toEqual([]);
    api.configFailure = undefined;
    api.config = new FakeIssuer().config;
    await page.goto(`${ORIGIN}/?state=other&error=access_denied`);
    await page.getByText(/no longer valid/).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe("with the keyboard alone", () => {
  test("rows are walked, selected and opened, and Esc lets go", async () => {
    const page = await open("/batches");
    await page.getByText("Corte de suministro hoy").waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press("j");
    expect(await focused()).toBe("Corte de suministro hoy");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    expect(await focused()).toBe("Cobranza vencida 30 días");
    await page.keyboard.press("x");
    await page.getByText("1 batch selected").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByText("1 batch selected").count()).toBe(0);
    await page.keyboard.press("/");
    await page.keyboard.type("oferta");
    await eventually(() => page.url().includes("q=oferta"), "the search stands in the URL");
    await page.keyboard.press("Escape");
    await page.getByText("Corte de suministro hoy").waitFor({ state: "hidden" });
    await page.getByText("Oferta de verano").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Oferta de verano" }).waitFor();
    await hasFocus(page.locator("#content"));
    await page.goBack();
    await eventually(async () => (await focused()) === "Oferta de verano", "its row has the focus");
  });

  test("? opens the help, whose focus comes back", async () => {
    const page = await open("/batches");
    await page.getByRole("button", { name: "Hold updates" }).focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Hold updates");
  });

  test("letters belong to whoever types", async () => {
    const page = await open("/batches");
    await page.keyboard.press("/");
    await page.keyboard.type("jkx?/");
    expect(await page.getByRole("searchbox").inputValue()).toBe("jkx?/");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  test("the first Tab skips to the content", async () => {
    const page = await open("/");
    await page.getByText("1,234").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await hasFocus(page.locator("#content"));
  });
});

describe("languages", () => {
  test("Spanish with its numbers, English by a switch that is kept", async () => {
    const page = await open("/batches", { locale: "es-CL" });
    await page.getByText("12 min sin actividad").waitFor();
    await page.getByText("de 6.000 jobs").waitFor();
    expect(await page.getAttribute("html", "lang")).toBe("es");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("Nothing for 12 min").waitFor();
    await page.reload();
    await page.getByText("Nothing for 12 min").waitFor();
    expect(await page.getAttribute("html", "lang")).toBe("en");
  });
});

describe("a phone", () => {
  test.each(["/", "/batches", "/batches/batch-20261126-00000003"])(
    "shows %s within its width, to be used by a thumb",
    async (path) => {
      const page = await open(path, {
        viewport: { width: 360, height: 740 },
        hasTouch: true,
        isMobile: true,
      });
      await page.getByText("Renovación de pólizas").first().waitFor();
      const [inside, outside] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(inside).toBeLessThanOrEqual(outside ?? 0);
      const small = await page
        .locator("button:visible, select:visible, input:visible")
        .evaluateAll(
          (all) =>
            all
              .map((one) => (one.closest("label") ?? one).getBoundingClientRect())
              .filter(({ height }) => height < 44).length,
        );
      expect(small).toBe(0);
    },
  );
});

describe("at 400 % of 1280 × 1024", () => {
  const ZOOMED = { viewport: { width: 320, height: 256 } };

  test.each([
    ["en-GB", "Sign out"],
    ["es-CL", "Salir"],
  ])("the header of who is signed in fits, in %s", async (locale, signOut) => {
    const api = new FakeApi();
    api.instead = (_, __, ___, token) =>
      token === undefined ? problem(401, "UNAUTHENTICATED", "who?") : undefined;
    const page = await open("/batches", { ...ZOOMED, locale }, api);
    await page.getByLabel("Token").fill("any");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: signOut }).waitFor();
    await page.getByText("Corte de suministro hoy").waitFor();
    expect(await isWithinWindow(page)).toBe(true);
  });

  test("a selection covers no row", async () => {
    const page = await open("/batches", ZOOMED);
    await page.getByLabel("Select Corte de suministro hoy").check();
    await page.locator(".selected").waitFor();
    const isSeen = await page.getByLabel("Select Renovación de pólizas").evaluate((box) => {
      box.scrollIntoView({ block: "end" });
      const { left, top, width, height } = box.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2) === box;
    });
    expect(isSeen).toBe(true);
  });
});

test("the theme button follows the system", async () => {
  const page = await open("/", { colorScheme: "light" });
  await page.getByRole("button", { name: "Dark theme" }).waitFor();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("button", { name: "Light theme" }).waitFor();
});

test("reduced motion is respected", async () => {
  const page = await open("/batches", { reducedMotion: "reduce" });
  await page.locator(".bar rect").first().waitFor();
  const duration = await page
    .locator(".bar rect")
    .first()
    .evaluate((bar) => getComputedStyle(bar).transitionDuration);
  expect(duration).toBe("0s");
});
