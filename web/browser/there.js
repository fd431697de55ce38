import { executablePath } from "./found.js";

// As in build/npm: this machine cannot run it.
if (!executablePath) {
  console.log("No Chromium is on the PATH");
  process.exit(77);
}
