import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** `./run --auth` with the demo, on a free port and with a database of its own. */
export interface Run {
  url: string;
  stop(): Promise<void>;
}

export async function startRun(): Promise<Run> {
  const home = mkdtempSync(join(tmpdir(), "pulso-page-"));
  const { MONGODB_URI, REDIS_URL, PORT, ...environment } = process.env;
  const child = spawn("./run", ["--auth", "--port", "0"], {
    cwd: ROOT,
    env: { ...environment, PULSO_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(home, { recursive: true, force: true });
  };
  try {
    return { url: await ready(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (data: Buffer) => {
      said += data;
      const url = /ready on (http:\/\/localhost:\d+)/.exec(said)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(`./run ended before it was ready:\n${said}`)));
  });
}
