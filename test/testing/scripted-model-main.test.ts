import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post, textOf } from "./http.js";

const MAIN = fileURLToPath(new URL("../../dist/src/testing/scripted-model-main.js", import.meta.url));
let directory = "";

beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "scripted-model-"))));
afterAll(() => rm(directory, { recursive: true }));

/** Runs `use` with a server process of this script; the process is gone afterwards. */
async function withProcess(file: string, script: string, use: (url: string, child: ChildProcess) => Promise<void>): Promise<void> {
  const path = join(directory, file);
  await writeFile(path, script);
  const child = spawn(process.execPath, [MAIN, "--rules", path, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    await use((JSON.parse(line) as { url: string }).url, child);
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
}

describe("the scripted model server as a process (after `npm run build`)", () => {
  it("runs a JSON script with regular expressions, and ends on SIGTERM", async () => {
    const script = [{ name: "sum", when: { last: { regex: "^sum (\\d+)$", flags: "i" } }, reply: "got {{1}}" }];
    await withProcess("script.json", JSON.stringify(script), async (url, child) => {
      expect(await textOf(await post(url, [["user", "SUM 42"]]))).toBe("got 42");
      child.kill("SIGTERM");
      expect(await once(child, "exit")).toEqual([0, null]);
    });
  });

  it("runs a module with reply functions and its own models", async () => {
    const script = "export default { models: ['mine'], rules: [{ name: 'echo', reply: (request) => request.last.toUpperCase() }] };";
    await withProcess("script.mjs", script, async (url) => {
      expect(await textOf(await post(url, [["user", "hello"]]))).toBe("HELLO");
      expect(await (await fetch(`${url}/models`)).json()).toMatchObject({ data: [{ id: "mine" }] });
    });
  });

  it("says what is missing", async () => {
    await expect(promisify(execFile)(process.execPath, [MAIN])).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("Missing --rules FILE") as string });
  });
});
