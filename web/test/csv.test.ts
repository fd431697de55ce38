import { beforeEach, expect, test, vi } from "vitest";
import { row } from "../browser/fakeApi";
import { csv } from "../src/list/csv";

beforeEach(() => {
  vi.spyOn(navigator, "language", "get").mockReturnValue("en-GB");
});

/** Reads CSV as RFC 4180 defines it. */
function parsed(text: string): string[][] {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/g)];
  const lines: string[][] = [[]];
  for (const [, cell = "", end] of cells) {
    const value = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    lines.at(-1)?.push(value);
    if (end === "\r\n") lines.push([]);
  }
  return lines.slice(0, -1);
}

const HOSTILE = ["a,b", 'say "no"', "two\r\nlines", "ñandú 🦙", ""];

test("every text comes back as it was", () => {
  const lines = parsed(csv(HOSTILE.map((name, i) => row(i, { name }))).replace("\uFEFF", ""));
  const column = lines[0]?.indexOf("name") ?? -1;
  expect(lines.slice(1).map((line) => line[column])).toEqual(HOSTILE);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
});

test.each([
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  // A program that splits at another separator begins a cell there.
  ["x;=1+1", "x;'=1+1"],
  ["x,-1;@a", "x,'-1;'@a"],
  ['x;"=1+1', `x;"'=1+1`],
  ["x\t=1+1\n=1+1", "x\t'=1+1\n'=1+1"],
  ["a - b; c = d", "a - b; c = d"],
])("%j begins no formula", (name, safe) => {
  const [head, line] = parsed(csv([row(1, { name })]).replace("\uFEFF", ""));
  expect(line?.[head?.indexOf("name") ?? -1]).toBe(safe);
});

test("where a comma stands before decimals, a semicolon stands between cells", () => {
  vi.spyOn(navigator, "language", "get").mockReturnValue("es-CL");
  const [head = "", line = ""] = csv([row(1, { name: "a;b", total_cost: 2.5 })]).split("\r\n");
  expect(head.split(";").slice(0, 3)).toEqual(["\uFEFFbatch_id", "_id", "name"]);
  expect(line).toContain(';"a;b";');
  expect(line).toContain(";2,5;");
});

test("numbers below zero stay numbers, and nulls are empty", () => {
  const [head, line] = parsed(
    csv([row(1, { total_cost: -2.5, name: null })]).replace("\uFEFF", ""),
  );
  expect(line?.[head?.indexOf("total_cost") ?? -1]).toBe("-2.5");
  expect(line?.[head?.indexOf("name") ?? -1]).toBe("");
});
