import type { SinkSpec } from "../core/sink-spec.js";
import { deliverToFile } from "./file-sink.js";
import { postJson } from "./post-json.js";
import { signatureHeaders } from "./sign.js";
import { SinkError, type Deliver } from "./sink.js";

/** The sinks that there are. @param secretOf a variable of the worker's environment; `null`: it is not set */
export function createDeliver(secretOf: (variable: string) => string | null): Deliver {
  const required = (variable: string): string => {
    const value = secretOf(variable);
    // Somebody may set it and start the worker again.
    if (value === null) throw new SinkError(`The worker's environment has no ${variable}. Set it where the worker is started.`, true);
    return value;
  };
  return async (sink: SinkSpec, delivery, signal) => {
    const { idempotencyKey, event, document, summary, id } = delivery;
    const headers = { "Idempotency-Key": idempotencyKey, "X-Rlm-Event": event };
    switch (sink.type) {
      case "file":
        return deliverToFile(sink.path.replaceAll("{id}", id.replaceAll(/[^\w.-]/g, "_")), document, idempotencyKey);
      case "webhook": {
        const signed = sink.secretEnv === undefined ? {} : signatureHeaders(required(sink.secretEnv), document, Math.floor(Date.now() / 1000));
        return postJson(sink.url, document, { ...headers, ...signed }, signal);
      }
      case "slack":
        return postJson(required(sink.urlEnv), JSON.stringify({ text: summary }), headers, signal);
    }
  };
}
