import { defineConfig, mergeConfig } from "vitest/config";
import vite from "./vite.config.ts";

/** Each project is a step of its own: what it needs differs. */
const project = (name: string, include: string, more = {}) => ({
  extends: true as const,
  test: { name, include: [include], testTimeout: 120_000, hookTimeout: 180_000, ...more },
});

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      projects: [
        project("unit", "test/*.test.ts", { environment: "happy-dom", isolate: false }),
        // The page in a browser, with an API that answers as a test wants it. The files share the
        // modules of Node, which keep nothing.
        project("states", "browser/states/*.test.ts", { isolate: false }),
        // The page in a browser, with ./run.
        project("live", "browser/live/*.test.ts"),
        // Pictures to look at, in target/shots.
        project("shots", "browser/shots.ts"),
      ],
    },
  }),
);
