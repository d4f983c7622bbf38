import type { SinkSpec } from "../core/sink-spec.js";
import { parseSink } from "./parse-sink.js";

/** The sinks of `--sink` that a worker delivers to. `stdout` is what commands do by themselves. @throws SinkSpecError */
export function durableSinks(given: readonly string[]): readonly SinkSpec[] {
  return given.map((text) => parseSink(text, process.cwd())).filter((sink) => sink !== "stdout");
}
