import { CAUSES, type Cause } from "./causes.js";
import { formatLogLine, type Level } from "./log-line.js";
import type { SeededRandom } from "./random.js";
import { findDependents, SERVICES } from "./services.js";
import { CALM, COMPLAINT, RECOVERY, TROUBLE } from "./wordings.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The answer to the demo's question, and what it rests on. */
export interface IncidentTruth {
  readonly firstFailedService: string;
  readonly cause: Cause;
  readonly firstSignAtMs: number;
  /** The whole log line that is the first sign of the failure. */
  readonly firstSignLine: string;
  /** All lines in which the failed service tells of it, the first sign included. */
  readonly signLines: readonly string[];
  /** Services that fail because of it, later. */
  readonly affectedServices: readonly string[];
}

/** A line that appears once, at its time. */
export interface ScheduledLine {
  readonly atMs: number;
  readonly service: string;
  readonly line: string;
}

/** A time in which a service writes errors among its routine lines. */
export interface ErrorPeriod {
  readonly service: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** The service it waits for, `null` for the failed service itself, `"burst"` for the false trail. */
  readonly reason: { readonly upstream: string } | null | "burst";
}

export interface IncidentPlan {
  readonly truth: IncidentTruth;
  /** In order of time. */
  readonly scheduled: readonly ScheduledLine[];
  readonly errorPeriods: readonly ErrorPeriod[];
}

/**
 * Draws an incident between two instants: one service fails for good, services that need it follow minutes later, those that need these later
 * still. Before and beside it: notes that mean nothing, blips that pass, an early burst of errors, and later failures caused by the first.
 */
export function planIncident(random: SeededRandom, startMs: number, endMs: number): IncidentPlan {
  const spanMs = endMs - startMs;
  const failed = random.pick(SERVICES.filter((service) => findDependents(service.name).length > 0)).name;
  const cause = random.pick(CAUSES);
  const firstSignAtMs = Math.round(startMs + spanMs * (0.55 + 0.2 * random.next()));
  const direct = findDependents(failed);
  const indirect = [...new Set(direct.flatMap(findDependents))].filter((name) => name !== failed && !direct.includes(name));
  const involved = [failed, ...direct, ...indirect];
  const trouble = new Map(CAUSES.map((one) => [one, random.sample(TROUBLE[one], Infinity)]));
  const takeTrouble = (one: Cause): string => trouble.get(one)?.pop() ?? random.pick(TROUBLE[one]);

  const scheduled: ScheduledLine[] = [];
  const say = (atMs: number, service: string, level: Level, text: string): string => {
    const line = formatLogLine(random, atMs, level, service, text.replaceAll("#", () => String(random.int(3, 97))));
    scheduled.push({ atMs, service, line });
    return line;
  };
  const between = (min: number, max: number, unitMs: number): number => random.int(min * unitMs, max * unitMs);
  const quietly = (): Level => random.pick(["INFO", "WARN", "WARN"]);

  // The failure itself: four sentences, none of them an ERROR.
  const signLines: string[] = [];
  let signAtMs = firstSignAtMs;
  for (let sign = 0; sign < 4; sign++) {
    signLines.push(say(signAtMs, failed, quietly(), takeTrouble(cause)));
    signAtMs += between(35, 80, SECOND);
  }

  // Those who depend on it, in waves, each with a sentence or two about whom it waits for.
  const errorPeriods: ErrorPeriod[] = [{ service: failed, fromMs: firstSignAtMs + between(240, 400, SECOND), toMs: endMs, reason: null }];
  const complaints = random.sample(COMPLAINT, Infinity);
  for (const [services, minMs, maxMs] of [[direct, 150, 230], [indirect, 420, 700]] as const) {
    for (const service of services) {
      const fromMs = firstSignAtMs + between(minMs, maxMs, SECOND);
      const needs = SERVICES.find((one) => one.name === service)?.dependsOn ?? [];
      const upstream = services === direct ? failed : random.pick(needs.filter((name) => direct.includes(name)));
      errorPeriods.push({ service, fromMs, toMs: endMs, reason: { upstream } });
      const sayComplaint = (atMs: number): string => say(atMs, service, quietly(), (complaints.pop() ?? random.pick(COMPLAINT)).replace("@", upstream));
      sayComplaint(fromMs + between(20, 120, SECOND));
      if (services === direct) sayComplaint(fromMs + between(150, 280, SECOND));
    }
  }

  // A failure that is a consequence: real, lasting, and later.
  const victim = random.pick(direct);
  const laterCause = cause === "connection_pool_exhausted" ? "memory_leak" : "connection_pool_exhausted";
  const laterAtMs = firstSignAtMs + between(15, 25, MINUTE);
  say(laterAtMs, victim, quietly(), takeTrouble(laterCause));
  say(laterAtMs + between(60, 150, SECOND), victim, quietly(), takeTrouble(laterCause));

  // Blips: the same words, and over within a minute or so. None on a service that is about to fail.
  const recoveries = random.sample(RECOVERY, Infinity);
  const sayBlip = (atMs: number, service: string): void => {
    say(atMs, service, quietly(), takeTrouble(random.pick(CAUSES.filter((one) => (trouble.get(one)?.length ?? 0) > 0))));
    say(atMs + between(15, 70, SECOND), service, "INFO", recoveries.pop() ?? random.pick(RECOVERY));
  };
  const bystanders = SERVICES.map((service) => service.name).filter((name) => !involved.includes(name));
  for (const atMs of spread(random, 9, startMs + 5 * MINUTE, firstSignAtMs - 20 * MINUTE)) sayBlip(atMs, random.pick(SERVICES).name);
  for (const atMs of spread(random, 2, firstSignAtMs + 5 * MINUTE, endMs - 5 * MINUTE)) sayBlip(atMs, random.pick(bystanders));

  const calm = random.sample(CALM, 19);
  for (const [index, atMs] of spread(random, calm.length, startMs + MINUTE, endMs - MINUTE).entries()) {
    say(atMs, random.pick(SERVICES).name, random.pick(["INFO", "INFO", "WARN"]), calm[index] ?? "");
  }

  const burstAtMs = startMs + spanMs * (0.15 + 0.2 * random.next());
  errorPeriods.push({ service: "gateway", fromMs: burstAtMs, toMs: burstAtMs + 8 * MINUTE, reason: "burst" });

  scheduled.sort((a, b) => a.atMs - b.atMs);
  const [firstSignLine = ""] = signLines;
  return { truth: { firstFailedService: failed, cause, firstSignAtMs, firstSignLine, signLines, affectedServices: [...direct, ...indirect] }, scheduled, errorPeriods };
}

/** `count` instants between two, one in each equal part of the time. */
function spread(random: SeededRandom, count: number, fromMs: number, toMs: number): readonly number[] {
  const partMs = (toMs - fromMs) / count;
  return Array.from({ length: count }, (_, index) => Math.round(fromMs + partMs * (index + 0.15 + 0.7 * random.next())));
}
