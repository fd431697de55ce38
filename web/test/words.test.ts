import type { BatchRow } from "pulso-client";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { bars, HEIGHT, scaleOf } from "../src/batch/hourBars";
import { ago, change, count, lasted, percent, shortCount, span, utc } from "../src/format";
import { filtersOf } from "../src/list/filters";
import { isIdle } from "../src/list/idle";
import { linePoints } from "../src/overview/Spark";
import { partsText } from "../src/parts/Bar";
import { language, preferredLanguage } from "../src/preferences";
import { characters, reasonProblem } from "../src/reason";
import { routeOf } from "../src/route";
import { t } from "../src/text";

const none = {
  total_jobs: 0,
  pending_jobs: 0,
  scheduled_jobs: 0,
  in_progress_jobs: 0,
  completed_jobs: 0,
  failed_jobs: 0,
  suspended_jobs: 0,
  cancelled_jobs: 0,
};

beforeEach(() => {
  language.value = "en";
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-US", "es-CL"]);
});

describe("numbers and times", () => {
  test("are those of the reader", () => {
    expect(count(1234567)).toBe("1,234,567");
    language.value = "es";
    expect(count(1234567)).toBe("1.234.567");
  });

  test("nothing is rounded up to 100 percent", () => {
    expect(percent(99.99)).toBe("99.9%");
    expect(percent(99.999, 2)).toBe("99.99%");
    expect(percent(100)).toBe("100%");
    expect(percent(3.64)).toBe("3.6%");
  });

  test("nothing is rounded down to 0 percent, and what moves keeps its width", () => {
    expect(percent(0.01)).toBe("0.1%");
    expect(percent(0)).toBe("0%");
    expect(percent(57)).toBe("57.0%");
    expect(percent(83.6, 2)).toBe("83.60%");
    expect(change(0.1, 2)).toBe("+0.10");
  });

  test("one of something is no plural", () => {
    const jobs = { ...none, completed_jobs: 1, failed_jobs: 2, total_jobs: 3 };
    language.value = "es";
    expect(partsText(jobs)).toBe("2 fallidos · 1 completado");
    expect(t().manyJobs(1)).toBe("con 1 job en espera.");
  });

  test("scheduled jobs wait for their time, pending ones for a dialer", () => {
    const batch = {
      ...none,
      status: "active",
      last_activity_at: "2026-01-01T00:00:00Z",
    } as unknown as BatchRow;
    const later = Date.parse("2026-01-01T00:11:00Z");
    expect(isIdle({ ...batch, scheduled_jobs: 5 }, later)).toBe(false);
    expect(isIdle({ ...batch, scheduled_jobs: 5, pending_jobs: 1 }, later)).toBe(true);
    expect(isIdle({ ...batch, in_progress_jobs: 1 }, later)).toBe(true);
  });

  test("millions are short, less is exact", () => {
    expect(shortCount(999_999)).toBe("999,999");
    expect(shortCount(3_709_000)).toBe("3.71M");
  });

  test("a moment ahead of this clock is now", () => {
    expect(ago("2026-01-01T00:00:30Z", Date.parse("2026-01-01T00:00:00Z"))).toBe("now");
    expect(ago("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:12:59Z"))).toBe("12 min. ago");
  });

  test("UTC is said to the second", () => {
    expect(utc("2025-01-15T10:30:00.123456Z")).toBe("2025-01-15 10:30:00 UTC");
  });

  test("a range has one unit", () => {
    expect(span(0.2, 0.4)).toBe("~1 min");
    expect(span(24.6, 40.2)).toBe("25–40 min");
    expect(span(70, 100)).toBe("1.2–1.7 hr");
    expect(span(3000, 4400)).toBe("2.1–3.1 days");
  });

  test("how long something lasted has no direction", () => {
    expect(lasted("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:12:10Z"))).toBe("12 min");
    expect(lasted("2026-01-01T00:00:00Z", Date.parse("2026-01-03T00:12:10Z"))).toBe("2 days");
  });
});

test("Spanish comes first, unless the browser prefers English", () => {
  expect(preferredLanguage(["en-GB", "es"])).toBe("en");
  expect(preferredLanguage(["pt-BR", "es-CL", "en"])).toBe("es");
  expect(preferredLanguage(["de"])).toBe("es");
});

describe("reason", () => {
  test("is counted as the API counts", () => {
    expect(characters("  \u00a0motivo\u3000 ")).toBe(6);
    expect(characters("🦙".repeat(500))).toBe(500);
    expect(reasonProblem("🦙".repeat(500))).toBeUndefined();
    expect(reasonProblem(`${"a".repeat(503)}`)).toContain("3 ");
  });

  test("control characters are refused inside, not around", () => {
    expect(reasonProblem("one\ntwo")).toBeDefined();
    expect(reasonProblem("one\n")).toBeUndefined();
  });
});

describe("addresses", () => {
  test("name a view", () => {
    expect(routeOf("/")).toEqual({ view: "overview" });
    expect(routeOf("/batches")).toEqual({ view: "batches" });
    expect(routeOf("/batches/a%2Fb%20c")).toEqual({ view: "batch", id: "a/b c" });
    expect(routeOf("/batches/%E0%A4%A")).toEqual({ view: "nowhere" });
    expect(routeOf("/else")).toEqual({ view: "nowhere" });
  });

  test("what they don't know is left out", () => {
    const query = new URLSearchParams("status=paused,odd,active&sort=odd&q=%20x&account_id=a");
    expect(filtersOf(query)).toEqual({
      account_id: "a",
      q: " x",
      status: ["active", "paused"],
      sort: "-created_at",
    });
  });
});

describe("charts", () => {
  test("a line goes from edge to edge and keeps inside", () => {
    expect(linePoints([1, 3, 2])).toBe("0,30 60,2 120,16");
    expect(linePoints([7, 7])).toBe("0,16 120,16");
  });

  test("bars fit their axis, oldest first", () => {
    const hour = (hour: number, total_calls: number) => ({
      date: "2026-11-26",
      hour,
      total_calls,
      successful_calls: total_calls / 2,
      success_rate: 50,
    });
    const hours = [hour(5, 230), hour(3, 10)];
    expect(scaleOf(hours)).toBe(250);
    const [first, last] = bars(hours, 250);
    expect(first?.at).toBe("2026-11-26T03:00:00Z");
    expect(last?.height).toBeLessThanOrEqual(HEIGHT);
    expect(last?.good).toBeCloseTo((last?.height ?? 0) / 2);
    expect(scaleOf([hour(1, 0)])).toBe(1);
    for (let most = 1; most < 5000; most++)
      expect(scaleOf([hour(1, most)])).toBeGreaterThanOrEqual(most);
  });
});
