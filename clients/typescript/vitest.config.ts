import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/*.test.{ts,tsx}"], testTimeout: 60_000 } },
      {
        test: {
          name: "live",
          include: ["test/live/*.test.ts"],
          globalSetup: "test/live/pulso.ts",
          testTimeout: 120_000,
        },
      },
    ],
    // `./run` stops its database too.
    teardownTimeout: 60_000,
  },
});
