import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { en } from "../src/text/en";
import { es } from "../src/text/es";

const SRC = join(import.meta.dirname, "..", "src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);
const code = files
  .filter((name) => !name.startsWith("text/"))
  .map((name) => [name, readFileSync(join(SRC, name), "utf8")] as const);

test("both catalogues have the same texts, none of them empty", () => {
  const names = (texts: object): string[] =>
    Object.entries(texts).flatMap(([name, text]) =>
      typeof text === "object" ? names(text).map((inner) => `${name}.${inner}`) : [name],
    );
  expect(names(en)).toEqual(names(es));
  for (const text of Object.values({ ...es, ...en })) expect(text).not.toBe("");
});

test("every text is used", () => {
  const all = code.map(([, text]) => text).join("\n");
  const unused = Object.keys(es).filter((name) => !new RegExp(`\\.${name}\\b`).test(all));
  expect(unused).toEqual([]);
});

test("no words stand in the markup itself", () => {
  const found = code
    .filter(([name]) => name.endsWith(".tsx"))
    .flatMap(([name, text]) =>
      [...text.matchAll(/>\s*([A-Za-zÁ-ú][^<>{}=;()]*)<\//g)].map(
        (match) => `${name}: ${match[1]}`,
      ),
    )
    // The product's name is the same in every language.
    .filter((words) => !words.endsWith(": Pulso"));
  expect(found).toEqual([]);
});
