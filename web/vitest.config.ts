import { defineConfig, mergeConfig } from "vitest/config";
import vite from "./vite.config.ts";

/** Each project is a step of its own: what it needs differs. */
const project = (name: string, include: string, environment = "node") => ({
  extends: true as const,
  test: { name, include: [include], environment, testTimeout: 120_000, hookTimeout: 180_000 },
});

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      projects: [
        project("unit", "test/*.test.ts", "happy-dom"),
        // The page in a browser, with an API that answers as a test wants it.
        project("states", "browser/states/*.test.ts"),
        // The page in a browser, with ./run.
        project("live", "browser/live/*.test.ts"),
        // Pictures to look at, in target/shots.
        project("shots", "browser/shots.ts"),
      ],
    },
  }),
);
