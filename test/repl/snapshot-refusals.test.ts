import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SessionDiedError } from "../../src/repl/session.js";
import { SandboxFixture } from "./sandbox-fixture.js";

describe("a cell that leaves behind what no image can keep", () => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it.each([
    ["a compiled function", "import sys; del sys.modules['_ctypes']\nimport ctypes; f = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1)", "compiled functions were added to the interpreter"],
    ["an unknown JavaScript object", "from pyodide.ffi import to_js\nmapping = to_js(b'bytes')", "a variable refers to a JavaScript Uint8Array"],
    ["a socket", "import socket; s = socket.socket()", "which is not in the sandbox's memory"],
    ["a pending timer", "from pyodide.webloop import WebLoop\nWebLoop().call_later(60, print)", "a timer of Pyodide's own event loop is pending"],
  ])("is refused by name: %s", async (_, code, cause) => {
    const chain = await fixture.begin();
    const failure = await chain.run(code).then(
      ({ result }) => result.error,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(SessionDiedError);
    expect(failure).toMatchObject({ reason: "snapshot_refused", message: expect.stringContaining("The session cannot be snapshotted: ") });
    expect((failure as Error).message).toContain(cause);
    expect(await (await fixture.reopen(chain)).print("'f' in globals() or 'mapping' in globals() or 's' in globals()")).toBe("False");
  });

  it("is kept when the thing is gone again before the cell ends", async () => {
    const chain = await fixture.begin();
    await chain.run("from pyodide.ffi import to_js\nimport socket\nmapping = to_js(b'bytes'); s = socket.socket(); x = 7\ndel mapping; s.close(); del s");
    expect(await (await fixture.reopen(chain)).print("x")).toBe("7");
  });
});

describe("a damaged snapshot", () => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  /** A copy of the newest part with one byte changed, counted from its end. */
  function damaged(part: Uint8Array, fromEnd: number): Uint8Array {
    const copy = Uint8Array.from(part);
    copy[copy.length - fromEnd]! ^= 0xff;
    return copy;
  }

  it("is refused with the name of its part, wherever it is damaged, and wherever it is cut off", async () => {
    const { parts } = await fixture.begin();
    const [base, turn0] = parts as [Uint8Array, Uint8Array];
    const { partId } = JSON.parse(Buffer.from(turn0).toString("latin1").replace(/^[^{]*/s, "").replace(/}.*$/s, "}")) as { partId: string };
    for (const cut of [1, 1000, turn0.length - 2000]) {
      await expect(fixture.restore([base, turn0.subarray(0, turn0.length - cut)]), `cut by ${cut}`).rejects.toThrow(/cut short/);
    }
    await expect(fixture.restore([base, turn0.subarray(0, turn0.length - 1)])).rejects.toThrow(`Snapshot part ${partId} is cut short`);
    const headerBytes = new DataView(turn0.buffer, turn0.byteOffset).getUint32(12, true);
    const contentAt = turn0.length - (28 + headerBytes + 8);
    await expect(fixture.restore([base, damaged(turn0, contentAt)])).rejects.toThrow(`A table of snapshot part ${partId} is damaged.`);
  });
});
