import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const MOST_SCRIPT_BYTES = 60 * 1024;

/** Licences of what is shipped, as for the functions. */
const LICENCES = ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0"];

/** Fails the build if the script is too large or contains a package of another licence; names them. */
export const shipped = (): Plugin => ({
  name: "shipped",
  generateBundle(_, bundle) {
    const packages = new Set<string>();
    let size = 0;
    for (const part of Object.values(bundle)) {
      if (part.type !== "chunk") continue;
      size += gzipSync(part.code).length;
      for (const id of part.moduleIds) {
        const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
        if (folder) packages.add(folder);
      }
    }
    if (size > MOST_SCRIPT_BYTES) {
      this.error(`The script has ${size} bytes compressed; at most ${MOST_SCRIPT_BYTES} may be.`);
    }
    const texts = [...packages].sort().map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
      if (!LICENCES.includes(license)) this.error(`${name} is under ${license}.`);
      const text = readdirSync(folder).find((file) => /^licen[cs]e(\.md|\.txt)?$/i.test(file));
      if (text === undefined) return this.error(`${name} comes without the text of its licence.`);
      return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${text}`, "utf8")}`;
    });
    this.emitFile({ type: "asset", fileName: "licences.txt", source: texts.join("\n\n") });
  },
});
