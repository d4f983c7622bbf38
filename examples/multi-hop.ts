// Multi-hop over a collection of documents: each step's answer names what the next step has to look for.
// node dist/examples/multi-hop.js [--bytes 10000000] [--seed 1]
import { rlm, signature } from "durable-rlm";
import { readArguments, report } from "./arguments.js";
import { generateChronicles } from "./data/chronicles.js";

const { documents, bridge, truth } = generateChronicles(readArguments());

const task = signature("documents: dict[str, str], question -> town: str, path: list[str]").withInstructions(
  "`documents` are pages of town chronicles by id; no page has the whole answer. Give the town, and as `path` the ids of the pages that the answer follows from, in the order of the reasoning.",
);
report(await rlm(task).run({ documents, question: `In which town was the founder of the company born that built the ${bridge}?` }), truth);
