// Categorising tens of thousands of reviews: no word gives the category away, so each one is read by a model, many to a call, and counted in code.
// node dist/examples/reviews.js [--bytes 10000000] [--seed 1]
import { rlm, signature } from "durable-rlm";
import { readArguments, report } from "./arguments.js";
import { generateReviews } from "./data/reviews.js";

const { text, truth } = generateReviews(readArguments());

const task = signature("reviews -> counts: dict[str, int], worst: 'delivery' | 'durability' | 'price' | 'support' | 'usability'").withInstructions(
  "`reviews` has one review a line, id and text. Put every review into one category by what it complains about: delivery, durability, price, support, usability, or content when it complains about nothing. `counts`: reviews in each category, all of them counted. `worst`: the complaint seen most.",
);
report(await rlm(task, { maxLlmCalls: 5000 }).run({ reviews: text }), truth);
