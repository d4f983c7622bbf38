import type { DirectSpec } from "../src/core/run-spec.js";
import type { PlanRecord, StoredReply, TurnRecord } from "../src/core/trajectory.js";
import { findCodeBlock } from "../src/core/code-block.js";
import { shortenReply } from "../src/core/kept-reply.js";
import { blankThinking } from "../src/core/thinking.js";
import { countCalls } from "../src/core/call-counts.js";
import type { HostCallRequest } from "../src/core/cell.js";
import type { PlanArgs, PlanResult } from "../src/core/root-call-wire.js";
import { sha256 } from "../src/journal/call-key.js";
import { encodePack } from "../src/journal/pack.js";
import { putRecord } from "../src/journal/records.js";
import { parseExtractReply } from "../src/prompts/parse-extract-reply.js";
import { parseReactReply, type ReactCall } from "../src/prompts/parse-react-reply.js";
import { renderDirectFaults } from "../src/prompts/render-direct-messages.js";
import { checkOutputs } from "../src/signature/check-outputs.js";
import type { CallDeps } from "./deps.js";

/** A turn of a strategy without a sandbox: the reply holds the outputs, asks for tools, or is told what is wrong with it. */
export async function finishDirectTurn({ store, nowMs, observe }: CallDeps, args: PlanArgs, spec: DirectSpec, steers: readonly string[], reply: StoredReply & { readonly outcome: { readonly text: string } }): Promise<PlanResult> {
  const { run, turn } = args;
  const { text } = reply.outcome;
  const read = readReply(spec, text);
  const calls = "calls" in read ? toRequest(read.calls) : null;
  const pack = calls && encodePack({ runUid: run.runUid, turn, seq: 0, prev: null, requestHash: sha256(JSON.stringify(calls)), reads: [], request: calls, previousAnswer: null });
  const { model, usage, startedAtMs, durationMs } = reply;
  const plan: PlanRecord = { v: 1, runUid: run.runUid, turn, steers, compaction: null, reply: text, keptReply: shortenReply("", blankThinking(text, findCodeBlock).trim()), reasoning: reasoningOf(text), code: null, notices: [], model, usage, startedAtMs, durationMs };
  const [planRef, packRef, outputsRef] = await Promise.all([
    putRecord(store, plan),
    pack === null ? null : store.put(pack.chunks),
    "outputs" in read ? store.put(Buffer.from(read.outputs, "utf8")) : null,
  ]);
  const faults = "faults" in read ? read.faults : [];
  const message = faults.length === 0 ? "" : renderDirectFaults(faults);
  const record: TurnRecord = {
    v: 1, turn, prev: args.trajectoryRef, planRef, observation: message, message, error: null, submitFaults: faults,
    packHead: packRef, beforeRef: null, committed: false, replay: null, finishedAtMs: nowMs(), cellMs: 0,
  };
  const made = packRef === null || calls === null ? null : { pack: packRef, counts: countCalls(calls.calls.map(({ kind }) => kind)) };
  const trajectoryRef = await putRecord(store, record);
  observe?.({ type: "turn", runUid: run.runUid, turn, end: outputsRef === null ? "no-code" : "submitted", startedAtMs, plannedAtMs: startedAtMs + durationMs, finishedAtMs: record.finishedAtMs, cellMs: 0 });
  return { planRef, hasCode: false, trajectoryRef, direct: { outputsRef, calls: made }, usage };
}

type ReadReply = { readonly outputs: string } | { readonly calls: readonly ReactCall[] } | { readonly faults: readonly string[] };

/** `outputs`: checked JSON text. */
function readReply(spec: DirectSpec, text: string): ReadReply {
  if (spec.strategy !== "react") return checked(spec, parseExtractReply(text));
  const read = parseReactReply(text, (spec.tools ?? []).map(({ name }) => name));
  return "outputs" in read ? checked(spec, read.outputs) : read;
}

function checked({ signature }: DirectSpec, json: string | null): ReadReply {
  if (json === null) return { faults: ["there is no JSON object in it"] };
  const outputs = checkOutputs(signature, json);
  return outputs.ok ? { outputs: outputs.json } : { faults: outputs.faults };
}

function toRequest(calls: readonly ReactCall[]): HostCallRequest {
  return { calls: calls.map(({ tool, args }) => ({ kind: "tool", tool, args })) };
}

/** What stands before the JSON object. */
function reasoningOf(text: string): string {
  const at = text.lastIndexOf("\n{");
  return (at === -1 ? text : text.slice(0, at)).replace(/```(json)?\s*$/, "").trim();
}
