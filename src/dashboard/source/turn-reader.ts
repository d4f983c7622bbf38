import { readCallPage } from "../../client/pages/read-call-page.js";
import { TurnPacks } from "../../client/pages/turn-packs.js";
import { findTurns, sourceTurns, type SourcedTurn, type TurnAnchor } from "../../client/pages/turn-source.js";
import { RunNotFoundError } from "../../client/errors.js";
import type { PlainCall } from "../../client/call-outcome.js";
import type { RunClient } from "../../client/run-client.js";
import type { CallDetail, CallPage, CallRow, TurnHead } from "../wire.js";

/** What a line of a list can show. */
const PREVIEW_CHARS = 300;
/** What a page can show without harm. */
const MAX_CHARS = 400_000;

/** A turn of thousands of calls one after another has as many packs. */
const MAX_KEPT_PACKS = 16;

export interface CallRange {
  readonly from: number;
  readonly count: number;
}

/** Turns and calls of runs, a page at a time. */
export class TurnReader {
  /** By turn. What hangs on a pack never changes: a turn under way is read on from where it was. */
  readonly #packs = new Map<string, { readonly head: string; readonly packs: Promise<TurnPacks> }>();

  /** @param anchors of the runs that are being watched: known without reading a history */
  constructor(private readonly client: RunClient, private readonly anchors: ReadonlyMap<string, TurnAnchor>) {}

  /** Turns without their calls, from turn `from` on. */
  async heads(workflowId: string, from: number): Promise<readonly TurnHead[]> {
    const turns = await this.#source(workflowId, from);
    return Promise.all(turns.map(async (turn) => headOf(turn, (await this.#packsOf(turn)).total)));
  }

  /** Some calls of a turn, beginnings of their texts only. */
  async calls(workflowId: string, turn: number, range: CallRange): Promise<CallPage> {
    const packs = await this.#find(workflowId, turn);
    const calls = await readCallPage(this.client.store, packs, workflowId, range);
    return { total: packs.total, from: range.from, calls: calls.map((call) => rowOf(call, PREVIEW_CHARS)) };
  }

  /** One call, whole. */
  async call(workflowId: string, turn: number, index: number): Promise<CallDetail> {
    const [call] = await readCallPage(this.client.store, await this.#find(workflowId, turn), workflowId, { from: index, count: 1 });
    if (call === undefined) throw new RunNotFoundError(`${workflowId}, turn ${turn}, call ${index}`);
    return { ...rowOf(call, MAX_CHARS), cut: Math.max(call.prompt.length, call.reply?.length ?? 0) > MAX_CHARS };
  }

  async #source(workflowId: string, from: number): Promise<readonly SourcedTurn[]> {
    return sourceTurns(this.client, this.anchors.get(workflowId) ?? (await findTurns(this.client, workflowId)), from);
  }

  async #find(workflowId: string, turn: number): Promise<TurnPacks> {
    const found = (await this.#source(workflowId, turn)).find(({ plan }) => plan.turn === turn);
    if (found === undefined) throw new RunNotFoundError(`${workflowId}, turn ${turn}`);
    return this.#packsOf(found);
  }

  #packsOf({ plan, packHead }: SourcedTurn): Promise<TurnPacks> {
    const key = `${plan.runUid}/${plan.turn}`;
    const head = packHead?.digest ?? "";
    const known = this.#packs.get(key);
    const read = async (): Promise<TurnPacks> => TurnPacks.read(this.client.store, plan.runUid, packHead, (await known?.packs.catch(() => null)) ?? null);
    const packs = known?.head === head ? known.packs : read();
    this.#packs.delete(key);
    this.#packs.set(key, { head, packs });
    packs.catch(() => this.#packs.delete(key));
    for (const oldest of [...this.#packs.keys()].slice(0, -MAX_KEPT_PACKS)) this.#packs.delete(oldest);
    return packs;
  }
}

function headOf({ plan, record }: SourcedTurn, calls: number): TurnHead {
  const { turn, reasoning, code, steers, model, usage, startedAtMs, durationMs } = plan;
  return {
    turn, reasoning, code, steers, calls, startedAtMs,
    observation: record?.observation ?? null,
    error: record?.error ?? null,
    stateLine: record === null ? null : (/\[[^\n]*\]$/.exec(record.message)?.[0].slice(1, -1) ?? null),
    root: { model, usage, ms: durationMs },
    ms: record === null ? null : record.finishedAtMs - startedAtMs,
    cellMs: record?.cellMs ?? null,
  };
}

function rowOf({ index, kind, model, tool, prompt, reply, error, usage, ms, retries, childId }: PlainCall, chars: number): CallRow {
  return { index, kind, name: tool ?? model, prompt: prompt.slice(0, chars), reply: reply?.slice(0, chars) ?? null, error, usage, ms, retries, child: childId };
}
