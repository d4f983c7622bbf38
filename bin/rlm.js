#!/usr/bin/env node
// Starts the compiled command line. Plain JavaScript that any Node can read, so that the messages below are seen.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`rlm needs Node 20.19 or newer; this is ${process.version}. Install a newer Node and try again.`);
  process.exit(1);
}
const main = new URL("../dist/src/cli/main.js", import.meta.url);
try {
  await import(main.href);
} catch (error) {
  if (error?.code !== "ERR_MODULE_NOT_FOUND" || !String(error.message).includes(main.pathname)) throw error;
  console.error("rlm is not built yet: dist/src/cli/main.js is missing. Run `npm run build` in its directory.");
  process.exit(1);
}
