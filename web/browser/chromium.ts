import { type Browser, chromium } from "playwright-core";
import { executablePath } from "./found.js";

export function launch(): Promise<Browser> {
  if (!executablePath) throw new Error("No Chromium is on the PATH.");
  // As root, which containers often are, Chromium has no sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}
