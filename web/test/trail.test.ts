import type { DashboardOverview } from "pulso-client";
import { afterEach, expect, test } from "vitest";
import { forgetTrails, noted } from "../src/overview/trail";

afterEach(forgetTrails);

const overview = (timestamp: string, active_batches: number) =>
  ({ timestamp, metrics: { active_batches } }) as DashboardOverview;

const noteAll = (...overviews: DashboardOverview[]) =>
  overviews.map((one) => noted("", one)).at(-1);

test("figures that change under the same timestamp replace the last ones", () => {
  const [first, second, changed] = [overview("1", 5), overview("2", 5), overview("2", 4)];
  expect(noteAll(first, second, second, changed)).toEqual([first, changed]);
  expect(noteAll(overview("3", 4))).toHaveLength(3);
});
