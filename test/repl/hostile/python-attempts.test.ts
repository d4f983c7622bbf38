import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { promptOf, SandboxFixture, suspended } from "../sandbox-fixture.js";

/*
 * The 25 attempts that the prototype of this sandbox was held to, one to one: by what exactly each is refused, so that an attempt that fails for a reason of its
 * own (a typo, a missing name) shows. What they would do with JavaScript in their hands is tried with all of JavaScript in javascript-attempts.test.ts.
 */
const NO_EVAL = "JsException: EvalError: Code generation from strings disallowed for this context";
/** The host's functions have no prototype; other JavaScript objects have, and V8 makes no code of texts. */
const NO_CONSTRUCTOR = `AttributeError: constructor / ${NO_EVAL}`;
const NO_PROCESS = "OSError: [Errno 138] emscripten does not support processes.";
const halted = (module: string): string => `ModuleNotFoundError: import of ${module} halted; None in sys.modules`;
const UNBLOCKED = 'import sys\nfor name in ("js", "pyodide_js", "_ctypes"): sys.modules.pop(name)\n';

/** Refused how; and how once the modules that are blocked, a speed bump, are not. `dies`: it ends the session, see below. */
const ATTEMPTS: readonly (readonly [name: string, refused: string, unblocked?: string])[] = [
  // The shell's "command not found": there is none.
  ["os.system", "gave 32512"],
  ["os.popen", NO_PROCESS],
  ["subprocess", NO_PROCESS],
  ["import js; js.process", halted("js"), "AttributeError: process"],
  ["pyodide.code.run_js", halted("js"), "ImportError: cannot import name 'eval' from 'js' (unknown location)"],
  ...["eval", "read", "env", "write", "spawn", "dlopen", "worker", "kill", "binding", "inspector"].map((what) => [`constructor ${what}`, NO_CONSTRUCTOR] as const),
  ["to_js constructor chain", NO_EVAL],
  // The insides of the interpreter itself: nothing of the host's.
  ["pyodide_js._module", halted("pyodide_js"), "gave a module"],
  ["NODEFS mount", halted("pyodide_js"), 'JsException: NotCapable: Requires read access to "/tmp", run again with the --allow-read flag'],
  ["ctypes emscripten_run_script", halted("_ctypes"), "dies"],
  ["ctypes system()", halted("_ctypes"), "dies"],
  ["exception.js_error constructor", NO_EVAL],
  ["socket connect", "OSError: [Errno 23] Host is unreachable"],
  ...["fetch", "import", "pollution"].map((what) => [`constructor ${what}`, NO_CONSTRUCTOR] as const),
];

const script = readFileSync(new URL("attempts.py", import.meta.url), "utf8");
let base: Uint8Array | undefined;

describe.each(["off", "require"] as const)("the 25 attempts of Python code to get out, with bubblewrap %s", (bubblewrap) => {
  let fixture: SandboxFixture;
  let server: Server;
  let requests = 0;
  const told: Record<"hardened" | "unblocked", Readonly<Record<string, string>>> = { hardened: {}, unblocked: {} };

  const report = async (preparation: string, leaveOut: readonly string[]): Promise<Readonly<Record<string, string>>> => {
    const { port } = server.address() as AddressInfo;
    const head = `SECRET, PORT, LEFT_OUT = ${JSON.stringify(join(fixture.directory, "secret"))}, ${port}, ${JSON.stringify(leaveOut)}\n`;
    const { request } = suspended(await (await fixture.begin()).execute(preparation + head + script));
    return JSON.parse(promptOf(request.calls[0])) as Readonly<Record<string, string>>;
  };

  beforeAll(async () => {
    fixture = await SandboxFixture.open({ bubblewrap }, base);
    base = fixture.base;
    writeFileSync(join(fixture.directory, "secret"), "the host's secret");
    server = createServer((_request, response) => void (requests++, response.end("the host's secret")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    told.hardened = await report("", []);
    told.unblocked = await report(UNBLOCKED, ATTEMPTS.filter(([, , how]) => how === "dies").map(([name]) => name));
  });
  afterAll(async () => {
    server.close();
    await fixture[Symbol.asyncDispose]();
  });

  it("are all there", () => {
    expect(fixture.factory.isolation).toBe(bubblewrap === "off" ? "deno" : "deno+bubblewrap");
    expect(ATTEMPTS).toHaveLength(25);
    expect(Object.keys(told.hardened).sort()).toEqual(ATTEMPTS.map(([name]) => name).sort());
  });

  it.each(ATTEMPTS.map(([name, refused, unblocked = refused]) => ({ name, refused, unblocked })))("refuses $name", ({ name, refused, unblocked }) => {
    expect(told.hardened[name]).toBe(refused);
    if (unblocked !== "dies") expect(told.unblocked[name]).toBe(unblocked);
  });

  it.each(["ctypes.CDLL(None).emscripten_run_script(b'fetch(1)')", "ctypes.CDLL(None).system(b'cp {0} {0}.copy')"])("loses the session, and nothing else, by %s once ctypes is unblocked", async (call) => {
    const secret = join(fixture.directory, "secret");
    const chain = await fixture.begin();
    await expect(chain.run(`${UNBLOCKED}import ctypes\n${call.replaceAll("{0}", secret)}`)).rejects.toMatchObject({ name: "SessionDiedError", reason: expect.stringMatching(/^(fatal|snapshot_refused)$/) });
  });

  it("have no effect outside: no request, no file, no secret", () => {
    expect(requests).toBe(0);
    expect(readdirSync(fixture.directory).sort()).toEqual(["secret", "sessions"]);
    expect(JSON.stringify(told)).not.toContain("the host's secret");
  });
});
