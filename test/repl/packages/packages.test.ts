import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPackageSet } from "../../../src/repl/packages/package-set.js";
import { createSandboxFactory } from "../../../src/repl/sandbox-factory.js";
import { SandboxFixture } from "../sandbox-fixture.js";
import { makeCompiledModule, makeWheel } from "./make-wheel.js";

const PURE = "pure_words-1.2-py3-none-any.whl";
const TINY = "tiny-0.1-cp314-cp314-pyemscripten_2026_0_wasm32.whl";

describe("packages of the sandbox", { timeout: 180_000 }, () => {
  let directory: string;
  const setting = (wheels: readonly string[], from = directory): string => JSON.stringify({ from, wheels });
  const sha256 = (file: string): string => createHash("sha256").update(readFileSync(join(directory, file))).digest("hex");

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "rlm-wheels-"));
    const [a, b] = [await makeCompiledModule("tinya"), await makeCompiledModule("tinyb")];
    makeWheel(directory, PURE, { "pure_words/__init__.py": "def shout(text):\n    return text.upper() + '!'\n", "pure_words-1.2.dist-info/METADATA": "Name: pure-words\nVersion: 1.2\n" });
    makeWheel(directory, TINY, { [a.path]: a.bytes, [`tiny-0.1.data/platlib/${b.path}`]: b.bytes, "tiny-0.1.data/scripts/tiny": "#!python\n" });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("can be imported; a compiled one keeps its state over a kill and a restore in another process, and again", async () => {
    await using fixture = await SandboxFixture.open({ packages: readPackageSet(setting([PURE, TINY])) });
    const chain = await fixture.begin();
    expect(await chain.print("__import__('pure_words').shout('hello')")).toBe("HELLO!");
    const { result } = await chain.run("import tinyb, tinya\nc = tinya.count\nprint(c(), c(), tinyb.count(), __import__('importlib.metadata').metadata.version('pure-words'))");
    expect(result.error).toBeNull();
    expect(result.output.head).toBe("1 2 1 1.2\n");
    process.kill(chain.session.pid, "SIGKILL");
    await chain.session.exited;

    const second = await fixture.reopen(chain);
    expect(await second.print("c(), tinya.count(), tinyb.count()")).toBe("3 4 2");
    // The library is there already: what a new import finds must be the same one.
    expect(await second.print("(__import__('sys').modules.pop('tinya'), __import__('tinya').count(), c())[1:]")).toBe("(5, 6)");
    const whole = await second.session.snapshot();
    await second.session[Symbol.asyncDispose]();

    const third = await fixture.restore([whole.bytes]);
    const step = await third.exec({ code: "print(c(), tinyb.count())", budget: { turn: 1, maxIterations: 3, llmCallsUsed: 0, maxLlmCalls: 5, tokensLeft: null, usdLeft: null, msLeft: null }, journal: [], cellTimeoutMs: 5000 });
    expect(step).toMatchObject({ status: "finished", result: { error: null, output: { head: "7 3\n" } } });
  });

  it("belong to the identity of the sandbox: other wheels, other bytes or another order make another build", async () => {
    const build = async (...wheels: readonly string[]): Promise<string> => (await createSandboxFactory({ workDir: join(directory, "sessions"), packages: readPackageSet(setting(wheels)) })).buildId;
    const other = mkdtempSync(join(directory, "other-"));
    makeWheel(other, PURE, { "pure_words/__init__.py": "" });
    const changed = (await createSandboxFactory({ workDir: join(directory, "sessions"), packages: readPackageSet(setting([PURE, TINY], other).replace(TINY, `${TINY}#sha256=${sha256(TINY)}`)) })).buildId;
    const builds = [await build(), await build(PURE), await build(PURE, TINY), await build(TINY, PURE), changed];
    expect(new Set(builds).size).toBe(5);
    expect(await build(`${PURE}#sha256=${sha256(PURE)}`)).toBe(builds[1]);
  });

  it("come from a URL, verified", async () => {
    const server = createServer((request, response) => response.end(readFileSync(join(directory, request.url ?? "")))).listen(0, "127.0.0.1");
    try {
      await new Promise((resolve) => server.once("listening", resolve));
      const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await using fixture = await SandboxFixture.open({ packages: readPackageSet(setting([`${PURE}#sha256=${sha256(PURE)}`], from)) });
      expect(await (await fixture.begin()).print("__import__('pure_words').shout('net')")).toBe("NET!");
      const wrong = await createSandboxFactory({ workDir: fixture.directory, packages: readPackageSet(setting([`${PURE}#sha256=${"0".repeat(64)}`], from)) });
      await expect(wrong.createBaseImage()).rejects.toThrow(/^The wheel pure_words-1\.2-py3-none-any\.whl has the SHA-256 [0-9a-f]{64}, but 0{64} is expected\. It was changed/);
    } finally {
      server.close();
    }
  });

  it("are refused at the door, with the cure", () => {
    const refused: Record<string, readonly [string, RegExp]> = {
      "not JSON": ["numpy", /^The packages \(RLM_PACKAGES\) cannot be used: it is not JSON\. Write \{"from"/],
      "relative": [setting([], "wheels"), /"from" must be an absolute directory or an http\(s\) URL/],
      "missing": [setting(["absent-1.0-py3-none-any.whl"]), /^There is no wheel absent-1\.0-py3-none-any\.whl in .*Put it there/],
      "not a wheel": [setting(["numpy-2.4.6.tar.gz"]), /is not the file name of a wheel\. Write it like numpy-2\.4\.6-cp314/],
      "another Python": [setting(["numpy-2.4.6-cp313-cp313-pyemscripten_2026_0_wasm32.whl"]), /is for cp313-cp313-pyemscripten_2026_0_wasm32; the sandbox is cp314 on pyemscripten_2026_0_wasm32\. Take the package's wheel from the release of Pyodide/],
      "another platform": [setting(["numpy-2.4.6-cp314-cp314-manylinux_2_28_x86_64.whl"]), /is for cp314-cp314-manylinux_2_28_x86_64; the sandbox/],
      "no digest": [setting([PURE], "https://example.invalid/"), /has no digest\. Add #sha256=HEX/],
      "bad digest": [setting([`${PURE}#md5=1`]), /has no digest after "#"/],
      "other digest": [setting([`${PURE}#sha256=${"0".repeat(64)}`]), /has the SHA-256 .* but 0{64} is expected/],
      "twice": [setting([PURE, PURE]), /is listed twice/],
    };
    for (const [what, [text, message]] of Object.entries(refused)) expect(() => readPackageSet(text), what).toThrow(message);
  });

  it("are the only compiled code that a session keeps: one that a cell wrote itself is refused by name", async () => {
    const { path, bytes } = await makeCompiledModule("tinyx");
    await using fixture = await SandboxFixture.open({ packages: readPackageSet(setting([TINY])) });
    const code = `import base64, site, importlib\nopen(site.getsitepackages()[0] + '/${path}', 'wb').write(base64.b64decode('${Buffer.from(bytes).toString("base64")}'))\nimportlib.invalidate_caches()\nimport tinyx`;
    const chain = await fixture.begin();
    await expect(chain.run(code)).rejects.toThrow(/The session cannot be snapshotted: the compiled module .*tinyx.* was loaded, which is not \(or no more\) the file of an installed package/);
  });

  it("may be named as Pyodide's own lock file names them", () => {
    writeFileSync(join(directory, "six-1.17.0-py2.py3-none-any.whl"), "");
    const wheels = ["six-1.17.0-py2.py3-none-any.whl", `cryptography-46.0.5-cp38-abi3-pyemscripten_2026_0_wasm32.whl#sha256=${"0".repeat(64)}`];
    expect(readPackageSet(setting(wheels)).wheels.map(({ name, version }) => `${name} ${version}`)).toEqual(["six 1.17.0", "cryptography 46.0.5"]);
  });
});
