import { MAX_ALERT_CHARS, MAX_ALERTS, type SinkSpec } from "../core/sink-spec.js";
import { parseSink } from "./parse-sink.js";
import { SinkSpecError } from "./sink-spec-error.js";

/**
 * Reads who is told of runs that are blocked, fail or are degraded: webhooks and Slack, written as `--sink` is.
 * @throws SinkSpecError
 */
export function parseAlerts(texts: readonly string[]): readonly SinkSpec[] {
  if (texts.length > MAX_ALERTS) throw new SinkSpecError(`There are ${texts.length} alerts; at most ${MAX_ALERTS} are taken. Let one receiver pass it on.`);
  return texts.map((text) => {
    if (text.length > MAX_ALERT_CHARS) throw new SinkSpecError(`An alert has ${text.length} characters; at most ${MAX_ALERT_CHARS} are taken, because every run carries it. Give it a shorter address.`);
    const sink = parseSink(text, "/");
    if (sink === "stdout" || sink.type === "file") throw new SinkSpecError("Alerts go to webhook:URL, webhook:URL,secret-env=NAME or slack:NAME (the variable that holds the webhook's URL).");
    return sink;
  });
}
