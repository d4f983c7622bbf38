import { expect, it } from "vitest";
import { terminalSafe } from "../../../src/cli/output/terminal-safe.js";

it("shows control characters instead of obeying them, and keeps newlines, tabs and other scripts", () => {
  expect(terminalSafe("\u001b[2J\u001b]0;title\u0007 a\tb\nc")).toBe("\\u{1b}[2J\\u{1b}]0;title\\u{7} a\tb\nc");
  expect(terminalSafe("x\u202egnp\u2066y\u009bz\r")).toBe("x\\u{202e}gnp\\u{2066}y\\u{9b}z\\u{d}");
  expect(terminalSafe("line\r\nline")).toBe("line\nline");
  expect(terminalSafe("żółć 日本 👩‍👩‍👧 שלום")).toBe("żółć 日本 👩‍👩‍👧 שלום");
});
