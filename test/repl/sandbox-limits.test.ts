import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SandboxFixture } from "./sandbox-fixture.js";

describe("limits of a sandbox", () => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open({ memoryLimitBytes: 256 * 2 ** 20, fileQuotaBytes: 4 * 2 ** 20, graceMs: 300 });
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("stops a loop at the cell's timeout, answers memory bombs and full disks with errors, and keeps the session", async () => {
    const chain = await fixture.begin();
    const { result } = await chain.run("x = 7\nwhile True: pass", { cellTimeoutMs: 300 });
    expect(result.error?.type).toBe("CellTimeout");
    expect((await chain.run("b = bytearray(10**8)", { memoryLimitBytes: 64 * 2 ** 20 })).result.error?.type).toBe("MemoryError");
    expect((await chain.run("b = bytearray(10**8); b = None")).result.error).toBeNull();
    expect((await chain.run("b = bytearray(2**30)")).result.error?.type).toBe("MemoryError");
    expect((await chain.run("l = []\nwhile True: l.append('y' * 10**6 + str(len(l)))")).result.error?.type).toBe("MemoryError");
    await chain.run("l = None");
    for (const code of ["open('/tmp/a', 'wb').write(bytes(5 * 2**20))", "import os; open('/tmp/b', 'wb').close(); os.truncate('/tmp/b', 2**40)"]) {
      expect((await chain.run(code)).result.error?.message).toContain("No space left on device");
    }
    for (let i = 0; i < 3; i++) expect((await chain.run("open('/tmp/a', 'wb').write(bytes(2**20)); import os; os.unlink('/tmp/a')")).result.error).toBeNull();
    expect(await chain.print("x")).toBe("7");
  });

  it("refuses requests beyond what the run's cells may ask for together, as often as a cell tries, and sends none of them", async () => {
    const chain = await fixture.begin();
    const greedy = "told = set()\nfor _ in range(100):\n  try: llm_query('x' * 2000)\n  except ValueError as error: told.add(str(error))\nprint(told)";
    const { result } = await chain.run(greedy, { requestBytesLeft: 1000 });
    expect(result.error).toBeNull();
    expect(result.output.head).toMatch(/^\{['"][^'"]*the bound of all its cells together \(2 GiB\); nothing more can be sent in it. Finish with what you have: call SUBMIT\.['"]\}$/m);
    expect(await chain.execute("llm_query('short')", { requestBytesLeft: 1000 })).toMatchObject({ status: "suspended" });
  });

  it.each(["import time; time.sleep(10**6)", "sum(range(10**12))", "while True:\n  try:\n    while True: pass\n  except BaseException: pass"])("kills what does not stop: %s", async (code) => {
    const chain = await fixture.begin();
    await expect(chain.run(code, { cellTimeoutMs: 200 })).rejects.toMatchObject({ name: "SessionDiedError", reason: "timeout" });
    await chain.session.exited;
    await expect(chain.run("1")).rejects.toMatchObject({ reason: "timeout" });
  });

  it("refuses to snapshot what no image can keep, and names it", async () => {
    const chain = await fixture.begin();
    const died = chain.run("from pyodide.ffi import to_js\nheld = to_js({1, 2})").then(({ result }) => result.error);
    await expect(died).rejects.toMatchObject({ name: "SessionDiedError", reason: "snapshot_refused", message: expect.stringContaining("a variable refers to a JavaScript Set") });
  });

  it("dies as a whole when the interpreter does", async () => {
    const chain = await fixture.begin();
    const died = chain.run("x = []\nfor _ in range(10**5): x = [x]\nrepr(x)");
    await expect(died.then(({ result }) => result.error)).rejects.toMatchObject({ name: "SessionDiedError", reason: "fatal" });
  });
});
