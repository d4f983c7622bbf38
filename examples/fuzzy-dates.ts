// Symbolic work on fuzzy documents: letters dated in styles that nobody has listed. Code reads those it can, a model turns the rest into dates, code counts.
// node dist/examples/fuzzy-dates.js [--bytes 10000000] [--seed 1]
import { rlm, signature } from "durable-rlm";
import { readArguments, report } from "./arguments.js";
import { generateLetters } from "./data/letters.js";

const { text, truth } = generateLetters(readArguments());

const task = signature("letters -> earliest: date, latest: date, per_year: dict[str, int]").withInstructions(
  "`letters` is a pile of old letters, three line breaks between them. Find when each was written, whatever its way of dating: the earliest, the latest, and how many letters there are of each year. Dates of other things do not count.",
);
report(await rlm(task, { maxLlmCalls: 5000 }).run({ letters: text }), truth);
