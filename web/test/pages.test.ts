import { PulsoError } from "pulso-client";
import { describe, expect, test, vi } from "vitest";
import { row } from "../browser/fakeApi";
import { PAGE_SIZE, Pages } from "../src/list/pages";

const rows = (from: number, length = PAGE_SIZE) => Array.from({ length }, (_, i) => row(from + i));

describe("pages", () => {
  test("an answer with a next page makes room for it", () => {
    const pages = new Pages();
    pages.answered(0, rows(0), "two");
    expect(pages.shape()).toEqual([
      { cursor: "", size: 100 },
      { cursor: "two", size: 100 },
    ]);
    expect(pages.counted()).toEqual({ rows: 100, hasMore: true });
    pages.answered(1, rows(100, 7), undefined);
    expect(pages.counted()).toEqual({ rows: 107, hasMore: false });
  });

  test("a page begins where the one before it ends now", () => {
    const pages = new Pages();
    pages.answered(0, rows(0), "two");
    pages.answered(1, rows(100), "three");
    pages.answered(0, rows(-5), "two, five rows earlier");
    expect(pages.shape().map(({ cursor }) => cursor)).toEqual([
      "",
      "two, five rows earlier",
      "three",
    ]);
    expect(pages.list.value[1]?.rows).toHaveLength(100);
  });

  test("pages after the last one are gone", () => {
    const pages = new Pages();
    pages.answered(0, rows(0), "two");
    pages.answered(1, rows(100), "three");
    pages.answered(0, rows(0, 40), undefined);
    expect(pages.counted()).toEqual({ rows: 40, hasMore: false });
  });

  test("a cursor that the API refuses ends the list before it", () => {
    const pages = new Pages([
      { cursor: "", size: 100 },
      { cursor: "of another version", size: 100 },
    ]);
    pages.failed(
      1,
      new PulsoError("cursor is not valid", { code: "INVALID_PARAMETER", status: 400 }),
    );
    expect(pages.shape()).toHaveLength(1);
    expect(pages.watched.value.error).toBeUndefined();
  });

  test("a failed poll keeps the rows", () => {
    const pages = new Pages();
    pages.near(0, true);
    pages.answered(0, rows(0, 3), undefined);
    pages.failed(0, new PulsoError("away", { code: "NETWORK_ERROR" }));
    expect(pages.list.value[0]?.rows).toHaveLength(3);
    expect(pages.watched.value).toMatchObject({ data: true, error: { code: "NETWORK_ERROR" } });
  });

  test("are as old as the oldest one that is drawn", () => {
    vi.useFakeTimers({ now: 1_000 });
    const pages = new Pages();
    pages.near(0, true);
    pages.answered(0, rows(0), "two");
    vi.setSystemTime(60_000);
    pages.near(1, true);
    pages.answered(1, rows(100), undefined);
    expect(pages.watched.value.at).toBe(1_000);
    pages.near(0, false);
    expect(pages.watched.value.at).toBe(60_000);
    vi.useRealTimers();
  });

  test("a success of one page hides no failure of another", () => {
    const pages = new Pages();
    const away = new PulsoError("away", { code: "NETWORK_ERROR" });
    pages.answered(0, rows(0), "next");
    pages.answered(1, rows(100), undefined);
    for (const index of [0, 1]) pages.near(index, true);
    pages.failed(0, away);
    pages.answered(1, rows(100), undefined);
    expect(pages.watched.value.error).toBe(away);
    pages.answered(0, rows(0), "next");
    expect(pages.watched.value.error).toBeUndefined();
  });

  test("an error of a proxy ends no list", () => {
    const pages = new Pages();
    pages.answered(0, rows(0), "two");
    pages.failed(1, new PulsoError("Bad Request", { code: "HTTP_ERROR", status: 400 }));
    expect(pages.shape()).toHaveLength(2);
  });
});
