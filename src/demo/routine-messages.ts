import type { Level } from "./log-line.js";
import type { SeededRandom } from "./random.js";
import type { Service } from "./services.js";

export interface Message {
  readonly level: Level;
  readonly text: string;
  /** Lines that belong to it and carry no header: a stack trace. */
  readonly trace?: readonly string[];
  /** Written by the same service a moment later. */
  readonly followedBy?: string;
}

/** A line of daily work. */
export function routineMessage(random: SeededRandom, service: Service): Message {
  const path = random.pick(service.paths);
  const forms: readonly (() => Message)[] = [
    () => ({ level: "INFO", text: `GET ${path}/${random.int(1000, 99999)} 200 in ${random.int(2, 180)} ms` }),
    () => ({ level: "INFO", text: `POST ${path} 201 in ${random.int(8, 420)} ms, ${random.int(200, 9000)} bytes` }),
    () => ({ level: "INFO", text: `GET ${path}/${random.int(1000, 99999)} 404 in ${random.int(1, 20)} ms` }),
    () => ({ level: "DEBUG", text: `cache hit for ${service.work}:${random.int(1, 999999)}` }),
    () => ({ level: "DEBUG", text: `db query select_${service.work} took ${random.int(1, 60)} ms, ${random.int(0, 500)} rows` }),
    () => ({ level: "INFO", text: `processed ${random.int(1, 400)} ${service.work}, backlog ${random.int(0, 90)}` }),
    () => ({ level: "INFO", text: `health check passed, uptime ${random.int(1000, 900000)} s, load 0.${random.int(10, 99)}` }),
  ];
  return random.pick(forms)();
}

/** An error or a warning of the everyday kind: frequent, and over at once. */
export function noiseMessage(random: SeededRandom): Message {
  const forms: readonly (() => Message)[] = [
    () => ({ level: "WARN", text: `slow query, ${random.int(800, 4000)} ms` }),
    () => ({ level: "ERROR", text: "deadlock detected, rolling back transaction", followedBy: `transaction retry ${random.int(1, 3)} succeeded`, trace: trace(random) }),
    () => ({ level: "ERROR", text: "connection reset by peer, reconnecting", followedBy: `reconnected after ${random.int(20, 900)} ms` }),
    () => ({ level: "WARN", text: `rate limit reached for tenant ${random.int(1, 300)}, request delayed by ${random.int(50, 900)} ms` }),
    () => ({ level: "ERROR", text: `upstream call timed out after ${random.int(300, 2000)} ms (attempt 1/3)`, followedBy: "upstream call succeeded (attempt 2/3)" }),
    () => ({ level: "ERROR", text: `client ${random.int(1, 9999)} sent an invalid body: field amount is missing` }),
    () => ({ level: "ERROR", text: "unhandled exception in background task, task rescheduled", followedBy: "background task finished", trace: trace(random) }),
  ];
  return random.pick(forms)();
}

/** What a service writes while one that it needs does not answer. */
export function cascadeMessage(random: SeededRandom, upstream: string): Message {
  const forms: readonly (() => Message)[] = [
    () => ({ level: "ERROR", text: `call to ${upstream} failed: deadline exceeded after ${random.int(1500, 5000)} ms, gave up after 3 attempts` }),
    () => ({ level: "ERROR", text: `request failed with 503: ${upstream} unavailable` }),
    () => ({ level: "WARN", text: `circuit breaker for ${upstream} is open, ${random.int(10, 900)} calls rejected` }),
  ];
  return random.pick(forms)();
}

/** What the failed service itself writes as a matter of form; the reason is not in it. */
export function failingMessage(random: SeededRandom): Message {
  const forms: readonly (() => Message)[] = [
    () => ({ level: "ERROR", text: `request failed: internal error, code ${random.int(1000, 9999)}` }),
    () => ({ level: "WARN", text: `request took ${random.int(4000, 30000)} ms` }),
  ];
  return random.pick(forms)();
}

/** A burst of errors that has nothing to do with the incident and ends. */
export function burstMessage(random: SeededRandom): Message {
  return { level: "ERROR", text: `upstream closed the connection early, answered 502 after ${random.int(5, 90)} ms` };
}

function trace(random: SeededRandom): readonly string[] {
  return ["    at Transaction.run (/app/lib/transaction.js:#:11)", "    at Worker.step (/app/lib/worker.js:#:5)"].map((line) => line.replace("#", String(random.int(20, 400))));
}
