import { expect, it } from "vitest";
import { spentCalls } from "../../src/client/spent-calls.js";
import type { TrajectoryCall, TrajectoryTurn } from "../../src/client/trajectory-document.js";

const made = (kind: TrajectoryCall["kind"], reply: string | null, error: TrajectoryCall["error"] = null, child: TrajectoryCall["child"] = null) => ({ kind, reply, error, child }) as TrajectoryCall;
const turn = (...calls: TrajectoryCall[]) => ({ calls }) as unknown as TrajectoryTurn;

it("counts sub-calls apart from tools, a child run as one beside its own, and nothing that was refused or is not answered", () => {
  const child = { workflowId: "c", status: "answered" as const, turns: [turn(made("llm", "a"), made("llm", "b"), made("tool", "1"))] };
  const failed = { kind: "server_error", message: "" };
  const turns = [
    turn(made("llm", "x"), made("tool", "2"), made("tool", null, { kind: "raised", message: "" }), made("llm", null, failed)),
    turn(made("rlm", "{}", null, child), made("llm", null, { kind: "limit", message: "" }), made("llm", null)),
  ];
  expect(spentCalls(turns)).toEqual({ llm: { answered: 4, failed: 1 }, tool: 3 });
});
