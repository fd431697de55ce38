import type { Request } from "playwright-core";
import { expect, test } from "vitest";
import { FakeApi, ORIGIN, overview } from "../fakeApi";
import { useBrowser } from "../opened";
import { fill } from "../samples";

const browser = useBrowser();

/** An hour, a minute at a time: every poll gets its answer before the next one is due. */
const STEPS = 60;
const STEP_MS = 60_000;

/** Seconds between the polls of what a view shows. */
test.each([
  ["/", [30, 10]],
  ["/batches", [10]],
  ["/batches/batch-20261126-00000002", [5]],
])("an hour of %s keeps memory and requests flat", async (path, intervals) => {
  const api = new FakeApi();
  fill(api);
  const page = await browser.page({}, async (fresh) => {
    await fresh.clock.install();
    await api.serve(fresh.context());
  });
  const open = new Set<Request>();
  page.on("request", (request) => open.add(request));
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  await page.goto(ORIGIN + path);
  await page.getByText("Cobranza vencida 30 días").first().waitFor();
  const devtools = await page.context().newCDPSession(page);
  const measure = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
    return { usedSize, nodes, jsEventListeners };
  };
  const pass = async (steps: number) => {
    const before = api.asked.length;
    for (let i = 0; i < steps; i++) {
      api.overview = overview(api.overview.metrics.jobs_today + 7);
      api.overview.timestamp = new Date(Date.now() + i * STEP_MS).toISOString();
      for (const batch of api.batches) batch.completed_jobs += 3;
      await page.clock.runFor(STEP_MS);
      // On a busy machine the answers take longer than the minute, which is over at once.
      do await page.evaluate(() => {});
      while (open.size > 0);
    }
    return api.asked.length - before;
  };
  await pass(STEPS / 10);
  const begun = await measure();
  const [first, second] = [await pass(STEPS / 2), await pass(STEPS / 2)];
  const ended = await measure();
  const most = intervals.reduce((sum, seconds) => sum + (STEPS * STEP_MS) / 1000 / seconds, 0);
  expect(first).toBeGreaterThanOrEqual(STEPS / 2);
  expect(first + second).toBeLessThanOrEqual(most);
  expect(second).toBeLessThan(first * 1.3 + 10);
  expect(ended.nodes).toBeLessThan(begun.nodes * 1.2 + 200);
  expect(ended.jsEventListeners).toBeLessThan(begun.jsEventListeners * 1.2 + 20);
  expect(ended.usedSize).toBeLessThan(begun.usedSize * 1.3 + 500_000);
});
