import { beforeEach, describe, expect, test, vi } from "vitest";
import { bars, HEIGHT, scaleOf } from "../src/batch/hourBars";
import { ago, count, lasted, percent, shortCount, span, utc } from "../src/format";
import { filtersOf } from "../src/list/filters";
import { linePoints } from "../src/overview/Spark";
import { language, preferredLanguage } from "../src/preferences";
import { characters, reasonProblem } from "../src/reason";
import { routeOf } from "../src/route";

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
