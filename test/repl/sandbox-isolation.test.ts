import { createServer } from "node:http";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { denoPackageName } from "../../src/repl/deno-binary.js";
import { createSandboxFactory } from "../../src/repl/sandbox-factory.js";
import { SandboxFixture } from "./sandbox-fixture.js";

/** Each is tried in a cell; what it must not print is the secret, and nothing of the host may change. */
const ATTEMPTS = `
import os, sys
report = []
def attempt(name, action):
    try: report.append(f"{name}: {action()!r}")
    except BaseException as error: report.append(f"{name}: {type(error).__name__}")
def reach(fn, body): return fn.constructor(body)()
host = sys.modules["_rlm_host"]
attempt("system", lambda: os.system(f"cat {SECRET} > {SECRET}.copy"))
attempt("popen", lambda: os.popen(f"cat {SECRET}").read())
attempt("subprocess", lambda: __import__("subprocess").run(["cat", SECRET], capture_output=True).stdout)
attempt("open", lambda: open(SECRET).read())
attempt("js", lambda: __import__("js").process.env)
attempt("run_js", lambda: __import__("pyodide.code", fromlist=["x"]).run_js("Deno.env.toObject()"))
attempt("pyodide_js", lambda: __import__("pyodide_js")._module.FS)
attempt("constructor", lambda: reach(host.call, f"return Deno.readTextFileSync('{SECRET}')"))
attempt("dlopen", lambda: __import__("ctypes").CDLL(SECRET))
attempt("socket", lambda: __import__("socket").create_connection(("127.0.0.1", PORT), timeout=1).send(b"GET / HTTP/1.0\\r\\n\\r\\n"))
attempt("urllib", lambda: __import__("urllib.request", fromlist=["x"]).urlopen(f"http://127.0.0.1:{PORT}/").read())
attempt("terminal", lambda: open("/dev/tty").read())
attempt("user", lambda: os.getuid())
attempt("kill parent", lambda: os.kill(os.getppid(), 9))
print(os.environ, report)
`;

/** Made once: it does not depend on the walls. */
let base: Uint8Array | undefined;

describe.each(["off", "require"] as const)("a sandbox with bubblewrap %s", (bubblewrap) => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open({ bubblewrap }, base);
    base = fixture.base;
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("reaches no environment, network, file, process or script engine of the host", async () => {
    expect(fixture.factory.isolation).toBe(bubblewrap === "off" ? "deno" : "deno+bubblewrap");
    const secretPath = join(fixture.directory, "secret");
    writeFileSync(secretPath, "the host's secret");
    process.env["RLM_TEST_SECRET"] = "the host's secret";
    let requests = 0;
    const server = createServer((_request, response) => void (requests++, response.end("the host's secret")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as { port: number };
      const chain = await fixture.begin();
      const { result } = await chain.run(`SECRET, PORT = ${JSON.stringify(secretPath)}, ${port}${ATTEMPTS}`);
      expect(result.error).toBeNull();
      expect(result.output.head).not.toContain("the host's secret");
      expect(result.output.head).not.toContain("RLM_TEST_SECRET");
      expect(requests).toBe(0);
      expect(readdirSync(fixture.directory).sort()).toEqual(["secret", "sessions"]);
      for (const name of ["open", "js", "constructor", "dlopen", "socket", "urllib"]) expect(result.output.head).toMatch(new RegExp(`'${name}: \\w*(Error|Exception)'`));
    } finally {
      delete process.env["RLM_TEST_SECRET"];
      server.close();
    }
  });

  it("leaves neither process nor directory behind when disposed of", async () => {
    const { session } = await fixture.begin([fixture.input("text", "text", "x".repeat(100))]);
    await session[Symbol.asyncDispose]();
    expect(() => process.kill(session.pid, 0)).toThrow("ESRCH");
    await session[Symbol.asyncDispose]();
  });
});

describe.each(["off", "require"] as const)("a computing sandbox with bubblewrap %s", (bubblewrap) => {
  it("does not outlive a host that is killed", async () => {
    await using fixture = await SandboxFixture.open({}, base);
    const baseFile = join(fixture.directory, "base");
    writeFileSync(baseFile, fixture.base);
    const script = fileURLToPath(new URL("fixtures/computing-host.mjs", import.meta.url));
    const host = spawn(process.execPath, [script, join(fixture.directory, "host"), baseFile, bubblewrap], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(host.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    host.kill("SIGKILL");
    await once(host, "close");
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Killed, and not yet buried by an init process that takes its time.
  return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** Names of the modules of which Deno has kept V8's code: keys of its database, which are plain text in its files. */
function cachedModules(workDir: string): string[] {
  const paths = readdirSync(workDir, { recursive: true, encoding: "utf8" }).filter((path) => /^deno-cache-.*v8_code_cache_v2(-wal)?$/.test(path));
  const text = paths.map((path) => readFileSync(join(workDir, path), "latin1")).join("");
  return [...new Set(text.match(/(?:ext:deno_|node:|file:\/\/)[\w./-]+?\.?(?:m?js|ts|vm|tty|module|stream|timers|buffer)\b/g))].sort();
}

describe("the sandbox factory", () => {
  it("removes the session directories of hosts that are gone, and no others", async () => {
    await using fixture = await SandboxFixture.open({}, new Uint8Array());
    const workDir = join(fixture.directory, "sessions");
    // Process ids end far below.
    for (const name of ["session-999999999-abc", `session-${process.pid}-abc`, "other"]) mkdirSync(join(workDir, name));
    await createSandboxFactory({ workDir });
    expect(readdirSync(workDir).filter((name) => !name.startsWith("deno-cache-")).sort()).toEqual(["other", `session-${process.pid}-abc`]);
  });

  it("keeps the compiled program: a session finds all of it there, and a later factory takes it as it is", async () => {
    await using fixture = await SandboxFixture.open({ bubblewrap: "off" }, base);
    const workDir = join(fixture.directory, "sessions");
    const made = cachedModules(workDir);
    expect(made.some((name) => name.endsWith("/pyodide.asm.mjs"))).toBe(true);
    await fixture.begin();
    await createSandboxFactory({ workDir, bubblewrap: "off" });
    expect(cachedModules(workDir)).toEqual(made);
  });

  it("removes compiled programs of other builds that nobody has used for a week, and makes its own again when it is gone", async () => {
    await using fixture = await SandboxFixture.open({ bubblewrap: "off" }, base);
    const workDir = join(fixture.directory, "sessions");
    const own = readdirSync(workDir).filter((name) => name.startsWith("deno-cache-"));
    const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 3_600_000);
    for (const [name, days] of [["deno-cache-old", 8], ["deno-cache-new-abandoned", 8], ["deno-cache-sibling", 6], ["other", 8]] as const) {
      mkdirSync(join(workDir, name));
      utimesSync(join(workDir, name), daysAgo(days), daysAgo(days));
    }
    for (const name of own) utimesSync(join(workDir, name), daysAgo(9), daysAgo(9));
    await createSandboxFactory({ workDir, bubblewrap: "off" });
    const left = readdirSync(workDir).filter((name) => !name.startsWith("session-"));
    expect(left.sort()).toEqual(expect.arrayContaining(["deno-cache-sibling", "other"]));
    expect(left).not.toContain("deno-cache-old");
    expect(left).not.toContain("deno-cache-new-abandoned");
    const kept = left.filter((name) => own.includes(name));
    expect(kept).toHaveLength(1);
    rmSync(join(workDir, kept[0] ?? ""), { recursive: true });
    await fixture.begin();
    expect(readdirSync(workDir)).toContain(kept[0]);
  });

  it("says what to do on platforms without a Deno binary", () => {
    expect(denoPackageName({ os: "linux", architecture: "arm64", libc: "glibc" })).toBe("@deno/linux-arm64-glibc");
    expect(denoPackageName({ os: "darwin", architecture: "x64", libc: null })).toBe("@deno/darwin-x64");
    expect(() => denoPackageName({ os: "linux", architecture: "x64", libc: "musl" })).toThrow("This is a musl system (Alpine or the like), and Deno has no binary for musl. Use an image with glibc, e.g. node:24-slim.");
    expect(() => denoPackageName({ os: "freebsd", architecture: "x64", libc: null })).toThrow("The sandbox does not run on freebsd. Use Linux, macOS, or WSL on Windows.");
  });
});
