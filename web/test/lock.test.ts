import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the lock file names no download address", () => {
  const lock = readFileSync(join(import.meta.dirname, "..", "package-lock.json"), "utf8");
  expect(lock).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/);
});
