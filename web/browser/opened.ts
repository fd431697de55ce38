import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launch } from "./chromium";

const DESKTOP = {
  viewport: { width: 1280, height: 800 },
  locale: "en-GB",
  timezoneId: "America/Santiago",
};

/** A browser for the tests of a file, and pages whose errors fail the test. */
export function useBrowser() {
  let browser: Browser;
  let problems: string[] = [];

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const found = problems;
    problems = [];
    expect(found).toEqual([]);
  });

  return {
    /** A page in a context of its own; `prepare` is called before it loads anything. */
    async page(
      options: BrowserContextOptions = {},
      prepare: (page: Page) => Promise<void> = async () => {},
    ): Promise<Page> {
      const context = await browser.newContext({ ...DESKTOP, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        // Chromium reports each answer above 399 so; those are part of the tests.
        const isAnswer = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !isAnswer) problems.push(message.text());
      });
      await prepare(page);
      return page;
    },
  };
}

/** Waits until a condition holds, by asking again and again. */
export async function eventually(isTrue: () => boolean | Promise<boolean>, what: string) {
  const end = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`It never came true that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
