import { expect, test } from "vitest";
import { FakeApi, ORIGIN, overview } from "../fakeApi";
import { useBrowser } from "../opened";
import { fill } from "../samples";

const browser = useBrowser();

/** An hour, a minute at a time: every poll gets its answer before the next one is due. */
const STEPS = 60;
const STEP_MS = 60_000;

test.each([
  ["/", 2 + 2],
  ["/batches", 2],
  ["/batches/batch-20261126-00000002", 2],
])("an hour of %s keeps memory and requests flat", async (path, mostPerStep) => {
  const api = new FakeApi();
  fill(api);
  const page = await browser.page({}, async (fresh) => {
    await fresh.clock.install();
    await api.serve(fresh.context());
  });
  await page.goto(ORIGIN + path);
  await page.getByText("Cobranza vencida 30 días").first().waitFor();
  const devtools = await page.context().newCDPSession(page);
  const measure = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
    return { usedSize, nodes, jsEventListeners };
  };
  const hour = async (steps: number) => {
    const before = api.asked.length;
    for (let i = 0; i < steps; i++) {
      api.overview = overview(api.overview.metrics.jobs_today + 7);
      api.overview.timestamp = new Date(Date.now() + i * STEP_MS).toISOString();
      for (const batch of api.batches) batch.completed_jobs += 3;
      await page.clock.runFor(STEP_MS);
    }
    return api.asked.length - before;
  };
  await hour(12);
  const begun = await measure();
  const requests = await hour(STEPS);
  const ended = await measure();
  expect(requests).toBeGreaterThan(STEPS / 2);
  expect(requests).toBeLessThanOrEqual(STEPS * mostPerStep);
  expect(ended.nodes).toBeLessThan(begun.nodes * 1.2 + 200);
  expect(ended.jsEventListeners).toBeLessThan(begun.jsEventListeners * 1.2 + 20);
  expect(ended.usedSize).toBeLessThan(begun.usedSize * 1.3 + 500_000);
});
