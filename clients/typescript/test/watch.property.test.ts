import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { Kind, Scripted } from "./support/answers.js";
import { type Step, World } from "./support/world.js";

const SEED = 20251015;
const WORLDS = 300;

const script: fc.Arbitrary<Scripted[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Kind>("ok") },
      {
        weight: 2,
        arbitrary: fc.constantFrom<Kind>(
          ...(["limited", "spent", "away", "broken", "gone", "hang", "denied", "login"] as const),
        ),
      },
    ),
    upMs: fc.constantFrom(0, 20, 400, 6_000),
    downMs: fc.constantFrom(0, 20, 400, 6_000),
    seconds: fc.integer({ min: 1, max: 60 }),
  }),
  { minLength: 1, maxLength: 30 },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(0, 1, 50, 700, 5_000, 40_000, 200_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("join" as const),
      intervalMs: fc.constantFrom(1_000, 5_000, 30_000),
      bySignal: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("stop", "refresh"), which: fc.nat(20) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "hide",
        "show",
        "show",
        "online",
        "change",
        "change",
        "burst",
        "swap",
        "act",
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "finish" as const }) },
);

it("keeps its promises whatever happens", async () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(script, steps, async (script, steps) => {
      const world = new World(script);
      try {
        for (const step of steps) await world.take(step);
        await world.settle();
        await world.leave();
        expect(world.wrong).toEqual([]);
      } finally {
        vi.clearAllTimers();
      }
    }),
    { seed: Number(process.env.SEED ?? SEED), numRuns: Number(process.env.WORLDS ?? WORLDS) },
  );
}, 180_000);
