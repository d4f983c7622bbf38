import type { Blow } from "./aims.js";
import type { PlayedRun } from "./check-runs.js";
import { HITS_OF_A_STATE, MUST_BE_HIT } from "./knobs.js";
import type { PlayedWorld } from "./play-world.js";
import { STATES, type State } from "./run-states.js";

const BLOWS: readonly Blow[] = ["kill worker", "freeze worker", "kill sandbox", "kill server"];
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** One run, in one line. */
export function runLine({ seed, durationMs, requests, repeats, hits, faults }: PlayedRun): string {
  const found = hits.map(({ state, blow }) => `${state} (${blow})`).join(", ");
  return `seed ${seed}: ${faults.length === 0 ? "ok" : "VIOLATION"}, ${seconds(durationMs)}, ${requests} requests, ${repeats} of them repeated; hit while ${found || "nothing"}`;
}

const count = (runs: readonly PlayedRun[], state: State, blow?: Blow): number => runs.flatMap(({ hits }) => hits).filter((hit) => hit.state === state && (blow === undefined || hit.blow === blow)).length;

/** States that were hit less often than a campaign must hit them. */
export function missedStates(runs: readonly PlayedRun[]): State[] {
  return MUST_BE_HIT.filter((state) => count(runs, state) < HITS_OF_A_STATE);
}

/** The outcome of a campaign, as Markdown. */
export function summary(worlds: readonly PlayedWorld[]): string {
  const runs = worlds.flatMap((world) => world.runs);
  const blows = worlds.flatMap((world) => world.blows);
  const sum = (of: (run: PlayedRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const times = runs.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const rows = STATES.map((state) => `| ${[state, ...BLOWS.map((blow) => count(runs, state, blow)), count(runs, state)].join(" | ")} |`);
  return [
    `- ${runs.length} runs in ${worlds.length} worlds, ${seconds(worlds.reduce((total, { durationMs }) => total + durationMs, 0))}; a run took ${seconds(times[times.length >> 1] ?? 0)} (median), at most ${seconds(times.at(-1) ?? 0)}`,
    `- ${blows.length} blows: ${BLOWS.map((blow) => `${blow} ${blows.filter((each) => each === blow).length}`).join(", ")}`,
    `- ${sum(({ requests }) => requests)} model requests, ${sum(({ repeats }) => repeats)} of them repeated, each for a reason; ${worlds.flatMap(({ faults }) => faults).length} violations`,
    "",
    `| hit while | ${BLOWS.join(" | ")} | all |`,
    `|---|${"---|".repeat(BLOWS.length + 1)}`,
    ...rows,
  ].join("\n");
}
