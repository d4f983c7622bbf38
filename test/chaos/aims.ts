import { AIMS_OF_A_RUN } from "./knobs.js";
import type { State } from "./run-states.js";

export type Blow = "kill worker" | "freeze worker" | "kill sandbox" | "kill server";

/** What is struck when a run is in a state. `answered`: in the moments after a reply has left the model server. */
export interface Aim {
  readonly state: State | "answered" | "any";
  readonly blow: Blow;
}

const KILLED: readonly Aim["state"][] = ["executing", "calls in flight", "thinking", "parked", "call and resume", "answered", "child run", "idle", "committing", "waiting", "starting"];
const AIMS: readonly Aim[] = [
  ...KILLED.map((state): Aim => ({ state, blow: "kill worker" })),
  { state: "executing", blow: "kill sandbox" }, { state: "parked", blow: "freeze worker" }, { state: "thinking", blow: "kill server" }, { state: "parked", blow: "kill sandbox" },
  { state: "executing", blow: "freeze worker" }, { state: "calls in flight", blow: "kill server" }, { state: "calls in flight", blow: "freeze worker" },
  { state: "committing", blow: "kill worker" }, { state: "waiting", blow: "kill worker" },
  { state: "call and resume", blow: "kill server" }, { state: "child run", blow: "freeze worker" }, { state: "executing", blow: "kill server" },
];

/** States that pass in moments: they are looked for first, and not left for the gap between blows. Programs that are aimed at in one are made to come to it often. */
const RARE: ReadonlySet<Aim["state"]> = new Set(["committing", "waiting"]);
export const isRare = ({ state }: Aim): boolean => RARE.has(state);

/** Seeds in a row have aims in a row, so that few seeds meet most states. @param missed comes first: a state that the campaign has not met often enough */
export function aimsOf(seed: number, missed: State | undefined): Aim[] {
  const own = Array.from({ length: AIMS_OF_A_RUN }, (_, i) => AIMS[(seed * AIMS_OF_A_RUN + i) % AIMS.length]).filter((aim) => aim !== undefined);
  return missed === undefined ? own : [{ state: missed, blow: "kill worker" }, ...own];
}
