import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const HERE = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string) => readFileSync(HERE + path, "utf8");

describe("the package", () => {
  it("has modules, types, README and licence, and nothing else", () => {
    const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: HERE,
    });
    const [{ files }] = JSON.parse(packed.toString());
    const paths = files.map((file: { path: string }) => file.path);
    const modules = readdirSync(`${HERE}src`).map((name) => name.replace(/\.ts$/, ""));
    const built = modules.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]);
    expect(paths.toSorted()).toEqual(["LICENSE", "README.md", "package.json", ...built].toSorted());
  });

  it("has the entries that it names, and needs nothing", async () => {
    const { exports, dependencies } = JSON.parse(read("package.json"));
    expect(Object.keys(exports)).toEqual([".", "./react"]);
    expect(dependencies).toBeUndefined();
    // By its own name, so as a user gets it.
    const entry = (name: string) => import(name);
    expect(Object.keys(await entry("pulso-client")).toSorted()).toEqual([
      "PulsoError",
      "createClient",
    ]);
    expect(Object.keys(await entry("pulso-client/react"))).toContain("useBatch");
  });

  it("is locked without addresses to download from", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved"|https?:\/\/registry/);
  });
});

describe("the README", () => {
  it.each(readdirSync(`${HERE}test/samples`))("has the sample %s as it is tested", (name) => {
    const sample = read(`test/samples/${name}`);
    expect(read("README.md")).toContain(`\n${sample.trimEnd()}\n\`\`\``);
  });
});
