import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { test } from "vitest";
import { launch } from "./chromium";
import { FakeApi, ORIGIN, overview, problem, row } from "./fakeApi";
import { FakeIssuer } from "./fakeIssuer";
import { fill } from "./samples";

const OUT = process.env.SHOTS ?? "target/shots";
const only = process.env.ONLY?.split(",");

type Scene = [name: string, path: string, act?: (page: Page, api: FakeApi) => Promise<void>];

/** Lets minutes pass, so that lines and paces have something to show. */
async function minutesLater(page: Page, api: FakeApi): Promise<void> {
  for (let i = 0; i < 16; i++) {
    const { metrics } = api.overview;
    api.overview = overview(metrics.jobs_today + 9 + ((i * 7) % 10));
    api.overview.timestamp = new Date(Date.now() + i * 30_000).toISOString();
    api.overview.metrics.success_rate_percentage = 83.13 + 0.11 * Math.sin(i / 2);
    api.overview.metrics.pending_jobs = metrics.pending_jobs - (9 + ((i * 11) % 30));
    for (const [number, batch] of api.batches.entries()) {
      if (batch.status !== "active" || batch.completed_jobs === 0 || number === 2) continue;
      const done = 12 + 7 * number + (i % 3);
      batch.completed_jobs += done;
      batch.pending_jobs -= done;
      batch.finished_percentage += (done / batch.total_jobs) * 100;
      batch.last_activity_at = new Date(Date.now() + (i + 1) * 30_000 - 4_000).toISOString();
    }
    await page.clock.runFor(30_000);
    await page.waitForTimeout(100);
  }
}

const BATCH = "/batches/batch-20261126-00000002";
const SCENES: Scene[] = [
  ["overview", "/", minutesLater],
  ["list", "/batches", minutesLater],
  ["batch", BATCH, minutesLater],
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
  [
    "refused",
    "/",
    async (page, api) => {
      api.instead = () => problem(401, "UNAUTHENTICATED", "who");
      await page.reload();
      await page.locator(".sign-in input").fill("expired");
      await page.locator(".sign-in .primary").click();
      await page.locator(".refusal").waitFor();
    },
  ],
  [
    "signedout",
    "/batches",
    async (page, api) => {
      api.config = new FakeIssuer().config;
      api.instead = () => problem(401, "UNAUTHENTICATED", "who");
      await page.evaluate(() => sessionStorage.setItem("signed-out", "true"));
      await page.reload();
    },
  ],
  [
    "notsignedin",
    "/",
    async (page, api) => {
      api.config = new FakeIssuer().config;
      await page.goto(`${ORIGIN}/?state=other&error=access_denied`);
    },
  ],
  [
    "noconfig",
    "/",
    async (page, api) => {
      api.configFailure = 500;
      api.instead = () => problem(401, "UNAUTHENTICATED", "who");
      await page.reload();
    },
  ],
  ["matching", "/batches", (page) => page.locator(".row input").first().check()],
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

interface Look {
  width: number;
  height: number;
  colorScheme: "light" | "dark";
  locale: string;
}

const LOOKS: Look[] = [
  { width: 1440, height: 900, colorScheme: "light", locale: "es-CL" },
  { width: 1440, height: 900, colorScheme: "dark", locale: "en-GB" },
  { width: 1024, height: 900, colorScheme: "light", locale: "en-US" },
  { width: 360, height: 740, colorScheme: "light", locale: "es-CL" },
  { width: 360, height: 740, colorScheme: "dark", locale: "en-GB" },
];

async function picture(browser: Browser, [, path, act]: Scene, look: Look, file: string) {
  const { width, height, ...rest } = look;
  const context = await browser.newContext({
    ...rest,
    viewport: { width, height },
    isMobile: width === 360,
    timezoneId: "America/Santiago",
  });
  const api = new FakeApi();
  fill(api);
  await api.serve(context);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(ORIGIN + path);
  await page.waitForLoadState("networkidle");
  await act?.(page, api);
  await page.waitForTimeout(300);
  await page.screenshot({ path: file });
  await context.close();
}

test("every scene in every look", { timeout: 600_000 }, async () => {
  mkdirSync(OUT, { recursive: true });
  const browser = await launch();
  for (const look of LOOKS) {
    for (const scene of SCENES) {
      if (only && !only.includes(scene[0])) continue;
      await picture(
        browser,
        scene,
        look,
        `${OUT}/${scene[0]}-${look.width}-${look.colorScheme}.png`,
      );
    }
  }
  await browser.close();
});

test("the two of the README", async () => {
  const browser = await launch();
  const [overview, list] = SCENES;
  const size = { width: 1280, height: 720 };
  const folder = join(import.meta.dirname, "..", "..", "docs", "images");
  mkdirSync(folder, { recursive: true });
  if (overview) {
    const look = { ...size, colorScheme: "light", locale: "es-CL" } as const;
    await picture(browser, overview, look, join(folder, "overview.png"));
  }
  if (list) {
    const look = { ...size, colorScheme: "dark", locale: "en-GB" } as const;
    await picture(browser, list, look, join(folder, "batches.png"));
  }
  await browser.close();
});
