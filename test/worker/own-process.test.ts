import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { outsidePackage, type OutsidePackage } from "../api/outside-package.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const fixture = (name: string) => ({ copyOf: fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)) });
const NAMES = ["own-worker.ts", "hosting-program.ts", "greet-workflow.ts"];
const block = (cell: string): string => `\`\`\`python\n${cell}\n\`\`\``;

const cluster = await clusterForFile();

async function compiled(): Promise<OutsidePackage> {
  const program = await outsidePackage(Object.fromEntries(NAMES.map((name) => [name, fixture(name)])));
  expect(program.compile()).toBe("");
  return program;
}

/** The program's own words on stdout; it has to end by itself. */
async function run({ directory }: OutsidePackage, name: string): Promise<unknown> {
  const { temporal, home, model } = cluster;
  const args = [path.join(directory, "out", name), temporal.address, temporal.namespace, home, model.url];
  const child = spawn(process.execPath, args, { env: { PATH: process.env["PATH"] ?? "", HOME: home }, cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) child[stream].setEncoding("utf8").on("data", (chunk: string) => (said[stream] += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  expect(code, said.stderr).toBe(0);
  return JSON.parse(said.stdout);
}

it("lets a process of the user's own host tools and do whole runs of rlm and react, with zod and JSON Schema parameters, a setup, and a pool", async () => {
  const program = await compiled();
  const calls = JSON.stringify({ calls: [{ tool: "add", args: { a: 32 } }] });
  cluster.model.setRules([
    { name: "react", when: { system: "case react" }, turns: [calls, '{"outputs": {"answer": "42"}}'] },
    {
      name: "root", when: { model: "scripted-root" },
      turns: [
        block("from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as pool:\n    squares = list(pool.map(square, [2, 3, 4]))\ntry:\n    add(-1)\nexcept TypeError as error:\n    print(error)"),
        block("SUBMIT(answer=twice(f\"{squares} {add(1)} {add(a=1, b=2)} {square(5, unit='ft2')} \"))"),
      ],
    },
  ]);
  const each = "['4 m2', '9 m2', '16 m2'] 11 3 25 ft2 ";
  expect(await run(program, "own-worker.js")).toEqual({ rlm: each + each, react: "42", toolQueue: expect.stringMatching(/-tools-[0-9a-f]{32}$/), buildId: true });
}, 180_000);

it("lets a Temporal worker that is there already host runs by a plugin, beside its own workflows", async () => {
  const program = await compiled();
  cluster.model.reset();
  cluster.model.setRules([{ name: "root", when: { model: "scripted-root" }, reply: block("SUBMIT(answer=motto())") }]);
  expect(await run(program, "hosting-program.js")).toEqual({ greeting: "Hello you", answer: "festina lente" });
}, 180_000);
