import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SandboxFixture } from "./sandbox-fixture.js";

const MIB = 2 ** 20;

/* Nothing but the parts and the inputs' files is given to a restore: what it knows can come from nowhere else. */
describe("what a snapshot leaves out", () => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("does not store the large strings of lists and dicts, and brings each back", async () => {
    const bodies = ["plain \"quoted\" \\ back\\slash\n\tand tabs ", "café crème ", "日本語のログ ", "mixed 😀 é 語 ", "\u0001 control \u001f "];
    const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`src/file-${i}.py`, `${i} ${bodies[i % bodies.length]}`.repeat(1 + (i * 37) % 2000)]));
    const nested = [{ deep: ["x".repeat(5000), { deeper: "y\\".repeat(3000) }] }, 12345678901234567890n.toString(), "z".repeat(70_000)];
    const text = `{"twice": "${"a".repeat(9000)}", ${JSON.stringify(files).slice(1, -1)}, "twice": "${"b".repeat(9000)}"}`;
    const inputs = [fixture.input("files", "json", text), fixture.input("nested", "json", JSON.stringify(nested))];
    const chain = await fixture.begin(inputs);
    expect(text.length).toBeGreaterThan(8 * MIB);
    expect(chain.parts[1]?.length).toBeLessThan(1.5 * MIB);
    // Names go away and texts are added to in place: the bytes must stay where they are.
    await chain.run("kept = dict(files); first = files.pop('src/file-0.py'); files['src/file-1.py'] += 'more'; del files\nimport gc; gc.collect(); junk = ['j' * 100_000 for _ in range(50)]");
    const { snapshot } = await chain.run("x = 1");
    expect(snapshot.bytes.length).toBeLessThan(MIB);

    const restored = await fixture.reopen(chain, inputs);
    const expected = createHash("sha256");
    for (const [name, body] of Object.entries({ twice: "b".repeat(9000), ...files })) expected.update(name).update(body);
    const digest = "import hashlib\nh = hashlib.sha256()\nfor name, body in kept.items(): h.update(name.encode()); h.update(body.encode())\nprint(h.hexdigest())";
    expect((await restored.run(digest)).result.output.head.trim()).toBe(expected.digest("hex"));
    expect(await restored.print("nested[0]['deep'][0] == 'x' * 5000, nested[0]['deep'][1]['deeper'] == 'y\\\\' * 3000, nested[1], nested[2] == 'z' * 70_000")).toBe("True True 12345678901234567890 True");
    expect(await restored.print("first == kept['src/file-0.py'], len(junk), set(map(len, junk))")).toBe("True 50 {100000}");
    expect((await restored.run("y = 1")).snapshot.bytes.length).toBeLessThan(MIB);
  });

  it("does not store freed memory, and restores to a heap that is as good as before", async () => {
    const text = Array.from({ length: 400_000 }, (_, i) => `line ${i} of a log\n`).join("");
    const inputs = [fixture.input("text", "text", text)];
    const chain = await fixture.begin(inputs);
    await chain.run("kept = [bytes([i % 251]) * 300_000 for i in range(60)]\nimport hashlib");
    const made = await chain.run("copies = [text.encode() for _ in range(10)]; n = sum(map(len, copies)); holes = [b'h' * 400_000 for _ in range(60)]; del copies; holes[::2] = []");
    const dropped = await chain.run("del holes; d = kept[::2]; del kept");
    expect(made.snapshot.bytes.length).toBeLessThan(2 * MIB);
    expect(dropped.snapshot.bytes.length).toBeLessThan(MIB);

    let restored = await fixture.reopen(chain, inputs);
    const first = await restored.run("e = [b'e' * 500_000 for _ in range(40)]");
    // The free memory has not been touched by the restore, nor by the capture after it.
    expect(first.timings.dirtyPages * 4096).toBeLessThan(40 * MIB);
    restored = await fixture.reopen(restored, inputs);
    const check = "hashlib.sha256(text.encode()).hexdigest(), [bytes([i % 251]) * 300_000 for i in range(0, 60, 2)] == d, e == [b'e' * 500_000] * 40";
    expect(await restored.print(check)).toBe(`${createHash("sha256").update(text).digest("hex")} True True`);
    // And the allocator's notes are in order: everything can be used again.
    expect(await restored.print("sum(len(bytearray(10_000_000)) for _ in range(40)), len(b'x' * 150_000_000), text == ''.join([text[:1000], text[1000:]])")).toBe("400000000 150000000 True");
  });
});
