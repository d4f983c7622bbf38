import { describe, expect, it } from "vitest";
import { extractCell } from "../../src/core/fences.js";

const kept = (reply: string): string => extractCell(reply, "stop").keptReply;

describe("what stays of a reply in the conversation", () => {
  it("is the text up to the end of the block, as it was written", () => {
    expect(kept("I look.\n\n  Then:\n```python\nx()\n```\nafterwards")).toBe("I look.\n\n  Then:\n```python\nx()\n```");
  });

  it("has no thinking in it", () => {
    expect(kept("<think>long\nthoughts</think>\nI look.\n```python\nx()\n```")).toBe("I look.\n```python\nx()\n```");
    expect(kept("<think>only thoughts</think>")).toBe("");
  });

  it("leaves the middle of a very long reasoning out, and says how much", () => {
    const reply = kept(`BEGIN ${"word ".repeat(2_000_000)}END\n\`\`\`python\nx()\n\`\`\``);
    expect(reply.length).toBeLessThan(13_000);
    expect(reply).toMatch(/^BEGIN [^]*… \[9,98\d,\d{3} characters of this reply left out\] …[^]*END\n```python\nx\(\)\n```$/);
  });

  it("shortens a cell of megabytes in the conversation, and runs it whole", () => {
    const code = `s = '${"x".repeat(1_000_000)}'`;
    const cell = extractCell(`\`\`\`python\n${code}\n\`\`\``, "stop");
    expect(cell.code).toBe(code);
    expect(cell.keptReply.length).toBeLessThan(41_000);
  });

  it.each([
    ["words", "word "], ["backticks", "`"], ["thinking that never ends", "x <think> "], ["thoughts", "<think>a</think>\n"], ["open brackets", "x = (\n"],
    ["empty blocks", "```\n"], ["blocks of another language", "```json\n{}\n```\n"], ["strings that never end", "```python\nx='''\n"], ["blanks in one line", "\t"], ["tildes and tags in one line", "</think>def f():~~~"],
  ])("takes 1 MB of %s in seconds", (_what, unit) => {
    const startedAtMs = performance.now();
    extractCell(`${unit.repeat(1_000_000 / unit.length)}\n\`\`\`python\nx()\n\`\`\``, "stop");
    // Quadratic work takes minutes here.
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });
});
