// Program: node sdk-download-main.js DIRECTORY VERSION
// Downloads the Temporal CLI into DIRECTORY and prints the file's name. Exit code 1 and one line on stderr on failure.
import { readdir } from "node:fs/promises";
import { Runtime } from "@temporalio/worker";

const [directory, version] = process.argv.slice(2);
if (directory === undefined || version === undefined) throw new Error("usage: sdk-download-main DIRECTORY VERSION");

try {
  const runtime = Runtime.instance();
  // There is no download without a start in the SDK. The server it starts keeps nothing (no database file) and is ended at once.
  const server = await runtime.createEphemeralServer({
    type: "dev-server",
    exe: { type: "cached-download", downloadDir: directory, version: `v${version}`, ttl: 0, sdkName: "sdk-typescript", sdkVersion: "1.24.0" },
    namespace: "default", ip: "127.0.0.1", port: null, uiPort: null, dbFilename: null, ui: false,
    log: { format: "pretty", level: "error" }, extraArgs: [],
  });
  await runtime.shutdownEphemeralServer(server);
  const names = (await readdir(directory)).filter((name) => !name.endsWith(".downloading"));
  if (names.length !== 1) throw new Error(`expected one file in ${directory}, found ${names.length}`);
  process.stdout.write(`${names[0]}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message.replaceAll("\n", " ") : String(error)}\n`);
  process.exitCode = 1;
}
