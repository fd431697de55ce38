import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { type FakeApi, ORIGIN } from "../fakeApi";
import { eventually, useBrowser } from "../opened";

/** Opens the page with an API that answers as a test wants it. */
export function usePage() {
  const browser = useBrowser();
  return async (
    api: FakeApi,
    path: string,
    options: BrowserContextOptions = {},
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<Page> => {
    const page = await browser.page(options, async (fresh) => {
      await prepare(fresh);
      await api.serve(fresh.context());
    });
    await page.goto(ORIGIN + path);
    return page;
  };
}

export const shown = (page: Page, text: string | RegExp) =>
  page.getByText(text).filter({ visible: true }).first().waitFor();

/** Waits until this has the focus: some parts get it in an effect, after they are drawn. */
export const hasFocus = (part: Locator) => part.and(part.page().locator(":focus")).waitFor();

/** Has the page ask at once, as after a loss of the network, and waits for an answer. */
export async function askAgain(page: Page): Promise<void> {
  const answer = page.waitForResponse("**/api/v1/**");
  await page.evaluate(() => {
    dispatchEvent(new Event("online"));
    void fetch("/api/v1/accounts");
  });
  await answer;
}

/** Holds requests to this URL; returns what lets them go. */
export async function hold(page: Page, url: string): Promise<() => void> {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(url, async (route) => {
    await gate;
    await route.fallback();
  });
  return letGo;
}

/** Two, because a browser may ask only once whether it may close a dialog. */
export async function pressEscapeTwice(page: Page): Promise<void> {
  for (let i = 0; i < 2; i++) await page.keyboard.press("Escape");
}

/** Notes what the page announces from now on: each text goes after some seconds. */
export async function listen(page: Page): Promise<(text: string) => Promise<void>> {
  const said: string[] = [];
  await page.exposeFunction("noteSaid", (text: string) => said.push(text));
  await page.evaluate(() => {
    const region = document.querySelector(".announcement") as HTMLElement;
    const { noteSaid } = globalThis as unknown as { noteSaid(text: string): void };
    const noting = new MutationObserver(() => noteSaid(region.textContent));
    noting.observe(region, { childList: true, characterData: true, subtree: true });
  });
  return (text) => eventually(() => said.includes(text), `the page says: ${text}`);
}

/** No part of the page reaches out of the window at its side. */
export const isWithinWindow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
