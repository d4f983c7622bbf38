// Free clustering: nobody says what the groups are. Themes are found in a sample, merged where they mean the same, and then every review is put under one.
// node dist/examples/clustering.js [--bytes 10000000] [--seed 1]
import { rlm, signature } from "durable-rlm";
import { readArguments, report } from "./arguments.js";
import { generateReviews } from "./data/reviews.js";

const { text, truth } = generateReviews(readArguments());

const task = signature("reviews -> names: list[str], sizes: list[int]").withInstructions(
  "`reviews` has one review a line, id and text. Which kinds of complaints are there? Find the themes yourself, name them, and put every review that complains under one. `names`: the themes, the largest first. `sizes`: how many reviews each has.",
);
const { content: _, ...complaints } = truth.counts;
report(await rlm(task, { maxLlmCalls: 5000 }).run({ reviews: text }), { sizes: Object.values(complaints).toSorted((a, b) => b - a) });
