import type { IndexedRun } from "../../src/client/run-index/indexed-run.js";
import type { DashboardSource } from "../../src/dashboard/source/source.js";
import type { CallRow, RunDetail, TurnHead } from "../../src/dashboard/wire.js";
import { resolveRunOptions } from "../../src/core/resolve-run-limits.js";

const HOUR_MS = 3_600_000;
const STATUSES = ["answered", "answered", "answered", "degraded", "failed", "running", "paused", "blocked", "cancelled"] as const;
const REASONS: Readonly<Record<string, string>> = { degraded: "iterations", failed: "The model server refused request 4711: prompt too long", blocked: "credentials", paused: "quota is low" };
const USAGE = { inputTokens: 12_345, outputTokens: 678, cachedTokens: 9000, costUsd: 0.0421 };

/** A text that would do something if it were read as HTML. */
export const HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>\u202E&amp;{{7*7}}";

/** Runs without a server below them, as many as wanted. */
export function fakeSource({ runs: count = 9, calls = 0, text = "", nowMs = Date.now() }: { readonly runs?: number; readonly calls?: number; readonly text?: string; readonly nowMs?: number } = {}): DashboardSource {
  const runs = Array.from({ length: count }, (_unused, i): IndexedRun => {
    const status = STATUSES[i % STATUSES.length] ?? "answered";
    const open = status === "running" || status === "paused" || status === "blocked";
    const startedAtMs = nowMs - i * 60_000;
    return {
      workflowId: `nightly-${String(i).padStart(5, "0")}${text}`, status, reason: REASONS[status] === undefined ? null : REASONS[status] + text, signature: `logs, question -> answer: str${text}`,
      startedAtMs, closedAtMs: open ? null : startedAtMs + 42_000, turns: open ? null : 3, llmCalls: open ? null : 12, tokens: open ? null : 13_023, costUsd: open ? null : USAGE.costUsd, job: text === "" ? "logs" : text, batch: i % 2 === 0 ? `rows-of-may${text}` : null,
    };
  });
  const detail: RunDetail = {
    workflowId: "nightly-00007", status: "blocked", reason: "credentials", blockedMessage: `The model server refuses the key.${text}`, open: true, signature: `logs, question -> answer: str${text}`, instructions: `Be brief.${text}`,
    models: { root: `gpt-5${text}`, sub: "gpt-5-mini", allowed: ["gpt-5-nano"] }, limits: { ...resolveRunOptions({ maxTokens: 200_000, budgetUsd: 2, timeoutMs: 2 * HOUR_MS, maxLlmCalls: Math.max(50, calls) }) },
    inputs: [{ name: "logs", kind: "text", bytes: 8_123_456 }, { name: `question${text}`, kind: "text", bytes: 34 }], forkedFrom: { workflowId: "nightly-00001", turn: 2 }, parent: null, outputs: null,
    startedAtMs: nowMs - 90_000, closedAtMs: null, turns: 2, llmCalls: calls, failedCalls: 1, usage: USAGE, rebuilds: 1, retries: [{ activity: "callLlm", attempt: 3, message: `429 slow down${text}` }],
    waitingFor: { count: 12, settled: 4 }, openChildren: ["child-1"], cancelRequested: false, turnsVersion: "1", warning: `No worker polls rlm-llm.${text}`,
    timeline: (["begin", "think", "execute", "fan-out", "execute", "think", "wait", "think", "execute", "blocked"] as const).map((doing, i) => ({ doing, turn: i < 5 ? 1 : 2, fromMs: nowMs - 90_000 + i * 9000, toMs: i === 9 ? null : nowMs - 81_000 + i * 9000 })),
    notes: [{ atMs: nowMs - 30_000, what: "sent the model a message", by: `bob@ops${text}`, why: `too broad${text}`, text: `Leave staging out.${text}` }],
  };
  const turns = [1, 2].map((turn): TurnHead => ({
    turn, reasoning: `I look at the shape of the logs first.${text}`, steers: turn === 2 ? [`Leave staging out.${text}`] : [], stateLine: `Turn ${turn} of 10 done, ${10 - turn} left. New or changed: parts (list[str], 40 items).`,
    code: `# count errors${text}\nfrom collections import Counter\nparts = [logs[i:i + 20_000] for i in range(0, len(logs), 20_000)]\nfound = llm_query_batched([f"List the errors in:\\n{part}" for part in parts])\nprint(len(found), Counter(len(each) for each in found).most_common(3))`,
    observation: turn === 2 ? null : `40 [(120, 7), (98, 4), (77, 2)]${text}`, error: null, root: { model: `gpt-5${text}`, usage: USAGE, ms: 8200 }, startedAtMs: nowMs - 80_000, ms: turn === 2 ? null : 45_000, cellMs: 1200, calls: turn === 1 ? Math.max(calls, 3) : 2,
  }));
  const call = (index: number): CallRow => ({
    index, kind: index % 7 === 3 ? "tool" : "llm", name: index % 7 === 3 ? `search${text}` : "gpt-5-mini", prompt: `List the errors in part ${index}.${text}`, child: null, usage: USAGE, ms: 1500 + index, retries: index % 5 === 2 ? { count: 2, lastError: `429 slow down${text}` } : { count: 0, lastError: null },
    ...(index % 11 === 5 ? { reply: null, error: { kind: "content_filter", message: `The provider refused.${text}` } } : { reply: `part ${index}: 3 errors${text}`, error: null }),
  });
  return {
    list: async () => ({ runs, serverError: null }),
    async *watch(workflowId) { yield { ...detail, workflowId }; },
    turns: async (_id, from) => turns.filter(({ turn }) => turn >= from),
    variables: async () => [{ name: "logs", type: "str", length: 8_123_000, preview: `2026-01-31 12:00:00 INFO start${text}` }],
    async calls(_id, turn, from, n) {
      const total = turns[turn - 1]?.calls ?? 0;
      return { total, from, calls: Array.from({ length: Math.max(0, Math.min(n, total - from)) }, (_unused, i) => call(from + i)) };
    },
    call: async (_id, _turn, index) => ({ ...call(index), cut: false }),
    act: async (workflowId, { action }) => ({ message: `${action} done.${text}`, workflowId }),
    start: async () => ({ workflowId: "nightly-00007", warnings: [] }),
    batchSize: async () => count,
    retryBatch: async () => ({ message: `The failed rows run again.${text}` }),
    schedules: async () => [false, true].map((paused) => ({
      scheduleId: `${paused ? "weekly" : "nightly"}${text}`, ours: true, when: "0 3 * * *", timeZone: "Europe/Berlin", paused, note: paused ? `holidays${text}` : null, nextAtMs: paused ? [] : [1, 2, 3].map((i) => nowMs + i * HOUR_MS),
      recent: [
        { scheduledAtMs: nowMs - HOUR_MS, startedAtMs: nowMs - HOUR_MS, workflowId: null, status: "empty" as const, reason: `no file${text}` },
        ...runs.slice(0, 4).map(({ workflowId, startedAtMs, status, reason }) => ({ scheduledAtMs: startedAtMs, startedAtMs, workflowId, status, reason })),
      ],
    })),
    actOnSchedule: async (_id, { action }) => ({ message: `${action} done.${text}` }),
    costs: async () => ["gpt-5", `gpt-5-mini${text}`].flatMap((model) => ["2026-01-31", "2026-01-30"].map((day) => ({ day, model, runs: 12, usage: USAGE }))).sort((a, b) => b.day.localeCompare(a.day)),
  };
}
