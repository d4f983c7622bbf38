import { planIncident, type ErrorPeriod, type IncidentPlan, type IncidentTruth } from "./incident-plan.js";
import { formatLogLine } from "./log-line.js";
import { createRandom, type SeededRandom } from "./random.js";
import { burstMessage, cascadeMessage, failingMessage, noiseMessage, routineMessage, type Message } from "./routine-messages.js";
import { SERVICES, type Service } from "./services.js";

const SPAN_MS = 6 * 3_600_000;
const CHUNK_CHARS = 64 * 1024;
const MIN_BYTES = 1_000_000;

export interface IncidentLogOptions {
  /** The same seed gives the same log, byte for byte. */
  readonly seed: string | number;
  /** Size to reach, within 1 %. At least 1,000,000: in a smaller log, everyday lines are as rare as the telling ones. */
  readonly bytes: number;
}

export interface IncidentLog {
  /** The text in pieces of about 64 KiB, ASCII only. Can be iterated again. */
  readonly chunks: Iterable<string>;
  /** What a reader should find out. Nothing of it but the lines themselves is in the text. */
  readonly truth: IncidentTruth;
}

/** Six hours of logs of a web shop in which one service fails. Throws `RangeError` for too small a size. */
export function generateIncidentLog({ seed, bytes }: IncidentLogOptions): IncidentLog {
  if (!(bytes >= MIN_BYTES)) throw new RangeError(`An incident log has at least ${MIN_BYTES} bytes, not ${bytes}. Ask for more.`);
  const random = createRandom(`plan/${seed}`);
  const startMs = Date.UTC(2026, random.int(0, 11), random.int(1, 28), random.int(0, 17), random.int(0, 59));
  const plan = planIncident(random, startMs, startMs + SPAN_MS);
  return {
    chunks: { [Symbol.iterator]: () => chunked(writeLines(createRandom(`lines/${seed}`), plan, startMs, bytes)) },
    truth: plan.truth,
  };
}

function* writeLines(random: SeededRandom, plan: IncidentPlan, startMs: number, bytes: number): Generator<string> {
  const endMs = startMs + SPAN_MS;
  const due: { atMs: number; line: string }[] = [...plan.scheduled];
  let writtenBytes = 0;
  let lines = 0;
  let atMs = startMs;
  const count = (line: string): string => {
    writtenBytes += line.length + 1;
    lines++;
    return `${line}\n`;
  };
  while (atMs < endMs) {
    for (let next = due[0]; next !== undefined && next.atMs <= atMs; next = due[0]) {
      due.shift();
      yield count(next.line);
    }
    const service = pickService(random);
    const message = chooseMessage(random, service, plan.errorPeriods, atMs);
    yield count(formatLogLine(random, atMs, message.level, service.name, message.text));
    for (const line of message.trace ?? []) yield count(line);
    if (message.followedBy !== undefined) {
      const laterMs = atMs + random.int(30, 900);
      insertByTime(due, { atMs: laterMs, line: formatLogLine(random, laterMs, "INFO", service.name, message.followedBy) });
    }
    // The pace follows what is left to write, so that size and span come out right together.
    const linesLeft = Math.max(1, (bytes - writtenBytes) / (writtenBytes / lines));
    atMs += Math.max(1, Math.round(((endMs - atMs) / linesLeft) * 2 * random.next()));
  }
}

function chooseMessage(random: SeededRandom, service: Service, periods: readonly ErrorPeriod[], atMs: number): Message {
  const period = periods.find((one) => one.service === service.name && atMs >= one.fromMs && atMs < one.toMs);
  if (period !== undefined && random.next() < 0.4) {
    if (period.reason === "burst") return burstMessage(random);
    return period.reason === null ? failingMessage(random) : cascadeMessage(random, period.reason.upstream);
  }
  return random.next() < 0.03 ? noiseMessage(random) : routineMessage(random, service);
}

const TOTAL_WEIGHT = SERVICES.reduce((sum, service) => sum + service.weight, 0);

function pickService(random: SeededRandom): Service {
  let left = random.next() * TOTAL_WEIGHT;
  return SERVICES.find((service) => (left -= service.weight) < 0) ?? random.pick(SERVICES);
}

function insertByTime<T extends { atMs: number }>(items: T[], item: T): void {
  const at = items.findIndex((other) => other.atMs > item.atMs);
  items.splice(at < 0 ? items.length : at, 0, item);
}

function* chunked(lines: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
