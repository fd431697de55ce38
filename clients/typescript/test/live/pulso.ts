import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

/** A running Pulso with demo data, whose callers need a token. */
export interface Pulso {
  baseUrl: string;
  /** A batch that dialers work on. */
  batchId: string;
  tokens: Record<string, string>;
}

declare module "vitest" {
  interface ProvidedContext {
    pulso: Pulso;
  }
}

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const BUILDING_MS = 240_000;

/** Starts `./run` for the live tests, and returns what stops it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), "pulso-client-"));
  const { MONGODB_URI: _, REDIS_URL: __, PORT: ___, ...environment } = process.env;
  const run = spawn("./run", ["--port", "0", "--auth"], {
    cwd: ROOT,
    env: { ...environment, PULSO_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    const ended = run.exitCode !== null || new Promise((resolve) => run.once("exit", resolve));
    run.kill();
    await ended;
    await rm(home, { recursive: true });
  };
  try {
    const printed = await ready(run);
    const find = (pattern: RegExp) => pattern.exec(printed)?.[1] ?? "";
    project.provide("pulso", {
      baseUrl: `${find(/ready on (http:\/\/localhost:\d+)/)}/api/v1`,
      batchId: find(/\/batches\/([^/]+)\/cancel/),
      tokens: JSON.parse(await readFile(join(home, "tokens.json"), "utf8")),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** Returns what it printed, when it has printed all. */
function ready(run: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const fail = (why: string) => reject(new Error(`./run ${why}:\n${printed}`));
    const late = setTimeout(() => fail("is not ready"), BUILDING_MS);
    const read = (chunk: Buffer) => {
      printed += chunk;
      if (!/\/cancel.*\n/.test(printed)) return;
      clearTimeout(late);
      resolve(printed);
    };
    run.stdout?.on("data", read);
    run.stderr?.on("data", read);
    run.once("exit", () => fail("ended"));
  });
}
