import { setTimeout as sleep } from "node:timers/promises";
import type { TestWorker } from "../helpers/test-worker.js";
import { isRare, type Aim, type Blow } from "./aims.js";
import { AFTER_REPLY_MS, GAP_MS, HIT_BY_MS, LOOK_EVERY_MS, MOST_BLOWS, MOST_FREEZES, MOST_SANDBOX_BLOWS, MOST_SERVER_BLOWS, RANDOM_BLOWS, RANDOM_BLOWS_WITHIN_MS, RARE_BLOWS_MORE, RARE_GAP_MS } from "./knobs.js";
import type { Random } from "./random.js";
import { lookAt, stateOf, type Look, type Pending, type State } from "./run-states.js";
import { sessionHolder } from "./session-holder.js";
import type { Hit } from "./timeline.js";
import type { World } from "./world.js";

/** Whom to strike (`null`: the server), and the workflow that is in the wanted state. */
interface Found {
  readonly worker: TestWorker | null;
  readonly workflowId: string;
}

interface Target {
  readonly root: string;
  readonly aims: Aim[];
  open: boolean;
}

const MOST: Partial<Record<Blow, number>> = { "kill sandbox": MOST_SANDBOX_BLOWS, "kill server": MOST_SERVER_BLOWS, "freeze worker": MOST_FREEZES };
/** Where the session rests while others work for the run. */
const RESTING: Readonly<Partial<Record<State, State>>> = { parked: "calls in flight", idle: "thinking" };

/** Looks at the runs and strikes when one is in a state that it is to be hit in, and at some moments that are drawn. */
export class Storm {
  readonly #targets: readonly Target[];
  readonly #startedAtMs = Date.now();
  readonly #randomBlowsAtMs: number[];
  #looks: readonly Look[] = [];
  #lastAtMs = 0;
  #striking = false;

  constructor(private readonly world: World, targets: readonly { readonly root: string; readonly aims: readonly Aim[] }[], private readonly random: Random) {
    this.#targets = targets.map(({ root, aims }) => ({ root, aims: [...aims], open: true }));
    this.#randomBlowsAtMs = Array.from({ length: RANDOM_BLOWS }, () => this.#startedAtMs + random.between([GAP_MS, RANDOM_BLOWS_WITHIN_MS])).sort((a, b) => a - b);
  }

  /** Until every run is closed, as `over` tells. */
  async rage(over: () => boolean): Promise<void> {
    while (!over()) {
      await sleep(LOOK_EVERY_MS);
      this.#looks = (await Promise.all(this.#targets.filter(({ open }) => open).map((target) => this.#look(target)))).flat();
      if (!(await this.#strikeAimed(isRare)) && this.#mayStrike()) await this.#strikeOne();
    }
  }

  /** A reply is about to leave the model server. */
  replied(root: string): void {
    const target = this.#targets.find((each) => each.root === root);
    const aim = target?.aims.find(({ state }) => state === "answered");
    const waiting = this.#looks.find((look) => look.root === root)?.pending.find((each) => each.activity.startsWith("call") && each.workerId !== null);
    if (target === undefined || aim === undefined || waiting === undefined || !this.#mayStrike()) return;
    const worker = this.world.workerOf(waiting.workerId ?? "");
    if (worker === null) return;
    this.#striking = true;
    void sleep(this.random.between(AFTER_REPLY_MS)).then(async () => {
      this.#striking = false;
      await this.#strike(target, aim, { worker, workflowId: root });
    });
  }

  async #look(target: Target): Promise<Look[]> {
    const { temporal } = this.world.cluster.client;
    const looks = await lookAt(await temporal(), target.root).catch(() => null);
    if (looks !== null) target.open = looks.length > 0;
    return looks ?? [];
  }

  #mayStrike(most = MOST_BLOWS, gapMs = GAP_MS): boolean {
    return !this.#striking && this.world.mayBeStruck && this.world.timeline.struck.length < most && Date.now() - this.#lastAtMs >= gapMs;
  }

  async #strikeOne(): Promise<void> {
    const [drawn] = this.#randomBlowsAtMs;
    if (drawn !== undefined && Date.now() >= drawn) {
      this.#randomBlowsAtMs.shift();
      const blow = this.random.pick(["kill worker", "freeze worker", "kill server"] as const);
      return this.#strike(null, { state: "any", blow }, { worker: blow === "kill server" ? null : this.random.pick(this.world.ready), workflowId: "" });
    }
    await this.#strikeAimed(() => true);
  }

  /** Strikes the first run that is where one of its wanted aims waits for it. Returns whether there was one. */
  async #strikeAimed(wanted: (aim: Aim) => boolean): Promise<boolean> {
    if (!this.#mayStrike(MOST_BLOWS + RARE_BLOWS_MORE, RARE_GAP_MS)) return false;
    for (const target of this.random.shuffled(this.#targets.filter(({ open }) => open))) {
      for (const aim of this.#dueAims(target).filter(wanted)) {
        const found = await this.#victim(target, aim);
        if (found === null) continue;
        await this.#strike(target, aim, found);
        return true;
      }
    }
    return false;
  }

  #dueAims({ root, aims }: Target): readonly Aim[] {
    const hit = this.world.timeline.struck.some(({ hits }) => hits.some((each) => each.root === root));
    const late = !hit && Date.now() - this.#startedAtMs > HIT_BY_MS;
    return [...aims, ...(late ? [{ state: "any", blow: "kill worker" } as const] : [])].filter(({ blow }) => this.world.timeline.struck.filter((each) => each.blow === blow).length < (MOST[blow] ?? Infinity));
  }

  /** `null` when the run is in another state. */
  async #victim({ root }: Target, { state, blow }: Aim): Promise<Found | null> {
    const looks = this.#looks.filter((look) => look.root === root);
    if (state === "answered") return null;
    const working = RESTING[state as State] ?? state;
    const matches = ({ workflowId }: Look, pending: Pending): boolean =>
      state === "child run" ? workflowId !== root && pending.workerId !== null : state === "any" ? pending.workerId !== null : stateOf(pending) === working;
    const look = looks.find((each) => each.pending.some((pending) => matches(each, pending)));
    const pending = look?.pending.find((each) => matches(look, each));
    if (look === undefined || pending === undefined) return null;
    const { workflowId } = look;
    if (blow === "kill server") return { worker: null, workflowId };
    const { workerId } = pending;
    const held = working !== state || workerId === null ? await sessionHolder(this.world.cluster.client, workflowId).catch(() => null) : workerId;
    const worker = this.world.workerOf(held ?? "");
    return worker === null ? null : { worker, workflowId };
  }

  async #strike(target: Target | null, aim: Aim, found: Found): Promise<void> {
    this.#striking = true;
    const named = `${target?.root ?? "drawn"}: ${aim.state}`;
    await this.world.strike(aim.blow, found.worker, this.random, { aim: named, hits: this.#hits(aim, found) });
    if (target !== null) target.aims.splice(target.aims.indexOf(aim), target.aims.includes(aim) ? 1 : 0);
    this.#lastAtMs = Date.now();
    this.#striking = false;
  }

  /** Whom the blow finds, by the last look. A server's end finds everybody. */
  #hits({ state, blow }: Aim, { worker, workflowId: aimed }: Found): Hit[] {
    const everybody = blow === "kill server";
    return this.#looks.flatMap(({ root, workflowId, pending }): Hit[] => {
      const found = pending.flatMap((each): Hit[] => {
        const seen = stateOf(each);
        if (seen === null) return [];
        const isAimed = workflowId === aimed;
        const resting = isAimed && RESTING[state as State] === seen;
        if (!everybody && each.workerId !== worker?.workerId && !resting && !(isAimed && seen === "waiting")) return [];
        return [{ root, workflowId, state: resting ? (state as State) : seen, activity: each.activity }];
      });
      const isChild = workflowId !== root;
      const between: Hit[] = everybody && pending.length === 0 ? [{ root, workflowId, state: "between steps", activity: null }] : [];
      const first = found[0];
      return [...found, ...(isChild && first !== undefined ? [{ ...first, state: "child run" as const }] : []), ...between];
    });
  }
}
