import { describe, expect, it } from "vitest";
import { newWorkflowId, requireWorkflowId, workflowIdFromHex, workflowIdHex } from "../../src/client/workflow-id.js";

describe("ids of runs", () => {
  it("are derived from the time of the start and differ", () => {
    const [a, b] = [newWorkflowId(Date.UTC(2026, 0, 31, 14, 22, 33)), newWorkflowId(Date.UTC(2026, 0, 31, 14, 22, 33))];
    expect(a).toMatch(/^rlm-20260131-142233-[0-9a-f]{6}$/);
    expect(a).not.toBe(b);
    expect(requireWorkflowId(a)).toBe(a);
  });

  it("may hold any printable text and go through the store's names and back", () => {
    const id = "nightly/logs é 1";
    expect(workflowIdFromHex(workflowIdHex(requireWorkflowId(id)))).toBe(id);
  });

  it.each(["", "x".repeat(101), "é".repeat(51), "a\nb", "\u001b[31m", " a", "a ", "a  b"])("refuses %j", (id) => {
    expect(() => requireWorkflowId(id)).toThrow(/id/);
  });
});
