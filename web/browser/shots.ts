import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { test } from "vitest";
import { launch } from "./chromium";
import { FakeApi, ORIGIN, problem, row } from "./fakeApi";
import { fill } from "./samples";

const OUT = process.env.SHOTS ?? "target/shots";
const only = process.env.ONLY?.split(",");

type Scene = [name: string, path: string, act?: (page: Page, api: FakeApi) => Promise<void>];

const BATCH = "/batches/batch-20261126-00000002";
const SCENES: Scene[] = [
  ["overview", "/"],
  ["list", "/batches"],
  ["batch", BATCH],
  ["cancel", BATCH, (page) => page.locator(".actions .danger").click()],
  [
    "selected",
    "/batches?account_id=acc-chile-001",
    async (page) => {
      await page.locator(".row input").nth(0).check();
      await page.locator(".row input").nth(2).check();
    },
  ],
  [
    "many",
    "/batches?account_id=acc-chile-001",
    async (page, api) => {
      api.instead = (method) =>
        method === "POST"
          ? {
              body: {
                action: "cancel",
                batches: 24,
                jobs: 48_210,
                unchanged: 3,
                examples: api.batches.map(({ batch_id, name }) => ({ batch_id, name })),
              },
            }
          : undefined;
      await page.locator(".head .danger").click();
    },
  ],
  [
    "offline",
    "/",
    async (page, api) => {
      api.instead = () => "offline";
      await page.evaluate(() => dispatchEvent(new Event("online")));
    },
  ],
  [
    "broken",
    "/batches",
    async (page, api) => {
      api.instead = () => problem(503, "UNAVAILABLE", "away");
      await page.reload();
    },
  ],
  [
    "signin",
    "/",
    async (page, api) => {
      api.instead = () => problem(401, "UNAUTHENTICATED", "who");
      await page.reload();
    },
  ],
  ["empty", "/batches?q=nothing"],
  ["help", "/batches", (page) => page.keyboard.press("?")],
  [
    "hostile",
    "/batches/hostile",
    async (page, api) => {
      api.batches = [
        row(1, { batch_id: "hostile", name: "n".repeat(10_000), description: "\u202Eabc <b>" }),
      ];
      await page.reload();
    },
  ],
];

test("pictures", { timeout: 300_000 }, async () => {
  mkdirSync(OUT, { recursive: true });
  const browser = await launch();
  for (const [width, colorScheme, locale] of [
    [1440, "light", "es-CL"],
    [1440, "dark", "en-GB"],
    [1024, "light", "en-US"],
    [360, "light", "es-CL"],
    [360, "dark", "en-GB"],
  ] as const) {
    for (const [name, path, act] of SCENES) {
      if (only && !only.includes(name)) continue;
      const isPhone = width === 360;
      const context = await browser.newContext({
        viewport: { width, height: isPhone ? 740 : 900 },
        isMobile: isPhone,
        colorScheme,
        locale,
        timezoneId: "America/Santiago",
      });
      const api = new FakeApi();
      fill(api);
      await api.serve(context);
      const page = await context.newPage();
      await page.goto(ORIGIN + path);
      await page.waitForLoadState("networkidle");
      await act?.(page, api);
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${OUT}/${name}-${width}-${colorScheme}.png` });
      await context.close();
    }
  }
  await browser.close();
});
