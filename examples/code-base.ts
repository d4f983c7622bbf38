// Question answering over a code base, a dict from path to text: which files implement a feature? The sources are those of the packages installed here, with a feature planted.
// node dist/examples/code-base.js [--bytes 10000000] [--seed 1]
import { fileURLToPath } from "node:url";
import { rlm, signature } from "durable-rlm";
import { readArguments, report } from "./arguments.js";
import { plantFeature } from "./data/code-base.js";

// The folder of packages that holds zod, wherever it is installed.
const root = fileURLToPath(new URL("../", import.meta.resolve("zod/package.json")));
const { files, truth } = plantFeature({ root, ...readArguments() });

const task = signature("files: dict[str, str], feature -> paths: list[str]").withInstructions(
  "`files` is a code base, path to text. Give the paths of the files whose own code implements the feature or a part of it, sorted. Tests, texts and callers do not count.",
);
report(await rlm(task, { maxLlmCalls: 200 }).run({ files, feature: "loyalty points of customers lose their value after a time" }), truth);
