import type { Logger } from "pino";
import type { Observe } from "../../src/core/work-fact.js";
import { currentActivity } from "./current-activity.js";

/** One log line a fact: the end of a run is news, a call that needs a person a warning, all else detail. Fields only: no text of prompts, answers or inputs. */
export function logFacts(logger: Logger): Observe {
  return (fact) => {
    const at = currentActivity();
    switch (fact.type) {
      case "run-closed":
        return logger.info({ ...at, runUid: fact.runUid, status: fact.status, durationMs: fact.closedAtMs - fact.startedAtMs }, "run closed");
      case "model-call": {
        const { type: _type, content: _content, usage, ...fields } = fact;
        return logger[fact.outcome === "blocked" ? "warn" : "debug"]({ ...at, ...fields, ...usage }, "model call");
      }
      case "tool-call":
      case "turn":
      case "snapshot":
      case "session": {
        const { type, ...fields } = fact;
        return logger.debug({ ...at, ...fields }, type);
      }
    }
  };
}
