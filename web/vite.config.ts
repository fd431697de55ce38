import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { shipped } from "./shipped.ts";

export default defineConfig({
  plugins: [shipped()],
  resolve: {
    alias: {
      "pulso-client": fileURLToPath(new URL("../clients/typescript/src/index.ts", import.meta.url)),
    },
  },
  build: {
    target: "es2022",
    // An asset inside the style sheet would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});
