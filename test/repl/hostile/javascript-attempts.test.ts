import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { hostname, tmpdir } from "node:os";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHostile } from "./hostile-session.js";
import { BUDGET } from "../sandbox-fixture.js";

const SECRET = "the host's secret";
const program = readFileSync(new URL("../fixtures/hostile-child.js", import.meta.url), "utf8");

const READ = /^NotCapable: Requires read access to /;
const RUN = /^NotCapable: Requires run access/;
const NET = /^NotCapable: Requires net access to /;
const ABSENT = /No such file or directory|ENOENT|Module not found/;
const READ_ONLY = /Read-only file system/;
const NO_PARENT = /no parent to be seen/;
const NO_EVAL = /^EvalError: Code generation from strings disallowed/;
const NOTHING = /^got $/;

/** What refuses each attempt: Deno's permissions; and bubblewrap where Deno would allow everything. There some succeed within the walls: what they reach is not the host. */
const ATTEMPTS: readonly (readonly [name: string, deno: RegExp, bubblewrap: RegExp])[] = [
  ["read a file", READ, ABSENT],
  ["read by node:fs", READ, ABSENT],
  ["import a file", /^TypeError: Requires read access to /, ABSENT],
  ["import a file as text", /^TypeError: Requires read access to /, ABSENT],
  ["read another run's input", READ, ABSENT],
  ...["read a sibling's environment", "read a sibling's command line", "read a sibling's memory", "read by a sibling's root", "list a sibling's directory"].map((name) => [name, READ, ABSENT] as const),
  ["read by /proc/self/root", READ, ABSENT],
  ["read by /proc/self/cwd", READ, ABSENT],
  ["read the parent's environment", READ, ABSENT],
  ["climb out of the input directory", READ, ABSENT],
  ["symlink out", /^NotCapable: .*requires unscoped --allow-read and --allow-write/, READ_ONLY],
  // Into a /tmp of its own.
  ["write a file", /^NotCapable: Requires write access to /, /^got /],
  ["write into the input directory", /^NotCapable: Requires write access to /, READ_ONLY],
  ["environment", /^NotCapable: Requires env access/, /^got \{(?=.*"HOME":"\/nonexistent")/],
  ["environment by process", /^NotCapable: Requires env access/, /^got \{(?=.*"HOME":"\/nonexistent")/],
  ["run a program", RUN, /^NotFound: /],
  ["run by child_process", /^NotCapable: Requires (env|run) access/, ABSENT],
  ["signal the parent", /^NotCapable: Requires run access|no parent to be seen/, NO_PARENT],
  ["signal by process", /^NotCapable: Requires run access|no parent to be seen/, NO_PARENT],
  // Its own threads have the only other ids that it sees.
  ["signal every process", RUN, /^got the host's secret ( \d{1,2})+$|no process to be seen/],
  ["process.binding", /^TypeError: .*binding is not a function/, /^TypeError: .*binding is not a function/],
  // The C library, in a process without network, files and others to harm.
  ["open a library", /^NotCapable: Requires ffi access to /, /^got /],
  ["load an addon", /^NotCapable: Requires ffi access to /, ABSENT],
  ["fetch", NET, /^TypeError: .*(fetch failed|error sending request)/],
  ["connect", NET, /^ConnectionRefused/],
  // On a network of its own, without any other member.
  ["listen", NET, /^got /],
  ["connect by node:net", NET, /ECONNREFUSED/],
  ["inspector", /^NotCapable: Requires sys access to "inspector"/, /^got /],
  ["remote module", /^TypeError: Requires import access to /, /--no-remote is specified/],
  ["code from text", NO_EVAL, NO_EVAL],
  ["a worker of its own", /NotCapable: Requires read access to /, ABSENT],
  ["permission on request", READ, ABSENT],
  ["other descriptors", NOTHING, NOTHING],
  ["host name and users", /^NotCapable: Requires sys access to "hostname"/, /^got \["sandbox",/],
  ["change directory", READ, ABSENT],
];

describe.each([
  { walls: "Deno's permissions alone", bubblewrap: "off", allowAll: false },
  { walls: "bubblewrap and Deno's permissions", bubblewrap: "require", allowAll: false },
  { walls: "bubblewrap alone", bubblewrap: "require", allowAll: true },
] as const)("a sandbox whose program itself is hostile, behind $walls", ({ bubblewrap, allowAll }) => {
  let directory: string;
  let server: Server;
  let requests = 0;
  let before: string[];
  let outcomes: Readonly<Record<string, string>>;

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), "rlm-hostile-")));
    writeFileSync(join(directory, "secret"), SECRET);
    mkdirSync(join(directory, "sessions/other/inputs"), { recursive: true });
    writeFileSync(join(directory, "sessions/other/inputs/input"), SECRET);
    process.env["RLM_TEST_SECRET"] = SECRET;
    server = createServer((_request, response) => void (requests++, response.end(SECRET)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    before = readdirSync(directory).sort();
    await using sibling = await startHostile({ program, directory, bubblewrap, allowAll });
    const siblings = readdirSync(join(directory, "sessions")).filter((name) => name.startsWith("session-"));
    if (siblings.length !== 1) throw new Error(`${siblings.length} siblings`);
    await using session = await startHostile({ program, directory, bubblewrap, allowAll });
    const code = JSON.stringify({ secret: join(directory, "secret"), port: (server.address() as AddressInfo).port, other: join(directory, "sessions/other/inputs/input"), sibling: { pid: sibling.pid, directory: join(directory, "sessions", siblings[0] ?? "") } });
    const said = await session.exec({ code, budget: BUDGET, journal: [], cellTimeoutMs: 60_000 }).then(() => "finished", (error: unknown) => String(error));
    if (!said.startsWith("SessionDiedError: The interpreter failed: {")) throw new Error(`no report: ${said}`);
    outcomes = JSON.parse(said.slice(said.indexOf("{"))) as Record<string, string>;
  });
  afterAll(() => {
    delete process.env["RLM_TEST_SECRET"];
    server.close();
    rmSync(directory, { recursive: true });
  });

  it.each(ATTEMPTS)("does not get by: %s", (name, byDeno, byBubblewrap) => {
    expect(outcomes[name]).toMatch(allowAll ? byBubblewrap : byDeno);
  });

  it("has tried them all, and the host has noticed nothing", () => {
    expect(Object.keys(outcomes).sort()).toEqual(ATTEMPTS.map(([name]) => name).sort());
    expect(requests).toBe(0);
    expect(readdirSync(directory).sort()).toEqual(before);
    // What it would have read; what stands for success without one is "the host's secret" in the name of the attempt.
    for (const name of ["read a file", "read another run's input", "environment", "fetch"]) expect(outcomes[name]).not.toContain(SECRET);
    expect(JSON.stringify(outcomes)).not.toContain("RLM_TEST_SECRET");
    if (allowAll) expect(outcomes["host name and users"]).not.toContain(hostname());
  });
});

/** Each worker makes two more and stays. */
const BOMB = `const source = "for (let i = 0; i < 2; i++) new Worker(self.location.href, { type: 'module' }); setInterval(() => {}, 1000)";
const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
new Worker(url, { type: "module" });
await new Promise(() => setInterval(() => {}, 1000));`;

describe.each(["off", "require"] as const)("a fork bomb of worker threads, with bubblewrap %s", (bubblewrap) => {
  it("ends with its process, in bounded time, and costs the host nothing", async () => {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), "rlm-hostile-")));
    mkdirSync(join(directory, "sessions"));
    const rssBefore = process.memoryUsage().rss;
    const session = await startHostile({ program: program.slice(0, program.indexOf("const attempts = {")) + BOMB, directory, bubblewrap, graceMs: 500 });
    const code = JSON.stringify({ secret: "", port: 0, other: "" });
    await expect(session.exec({ code, budget: BUDGET, journal: [], cellTimeoutMs: 1500 })).rejects.toMatchObject({ name: "SessionDiedError", reason: expect.stringMatching(/^(timeout|killed|exited|protocol)$/) });
    await session.exited;
    expect(() => process.kill(session.pid, 0)).toThrow("ESRCH");
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(128 * 2 ** 20);
    await session[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });
});
