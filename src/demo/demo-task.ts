import { CAUSES } from "./causes.js";

/** The demo's task, for the scripted model and for a real one alike. */
export const DEMO_TASK = {
  signature: `logs, question -> service: str, cause: Literal[${CAUSES.map((cause) => `'${cause}'`).join(", ")}], evidence: str`,
  question: "Which service failed first, and why?",
  instructions: [
    "The logs are six hours of a web shop of many services. One service fails for good and takes others with it.",
    "Give the service that failed first (not the loudest one), the cause of its failure, and as evidence the log line in which it shows first, copied whole.",
    "Blips that passed do not count. The telling lines are rare, are rarely marked ERROR, and are worded differently every time: they must be read, by llm_query.",
  ].join(" "),
} as const;
