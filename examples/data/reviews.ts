import { createRandom } from "./random.js";

export const CATEGORIES = ["delivery", "durability", "price", "support", "usability"] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Reviews {
  /** One a line, `id<TAB>text`. */
  readonly text: string;
  readonly truth: {
    /** How many reviews complain about what; the rest is content. */
    readonly counts: Readonly<Record<Category | "content", number>>;
    readonly worst: Category;
  };
}

/** What a review complains about; the category's name is in none of them. */
export const COMPLAINTS: Readonly<Record<Category, readonly string[]>> = {
  delivery: ["It took five weeks, and the box had been in the rain.", "The courier left it at a house I do not know.", "Two of three parcels never came."],
  durability: ["After a month the hinge came off in my hand.", "It stopped on the tenth day and has not moved since.", "The coating peels like an orange."],
  price: ["The shop around the corner asks half for the same.", "For that money I expected more than this.", "A week later it was 40 euros less."],
  support: ["I wrote four times and got the same form letter.", "They kept me on hold for an hour and hung up.", "The person on the phone had never heard of it."],
  usability: ["I still have not found out how to turn it off.", "The manual is a riddle, and so are the buttons.", "One needs three hands to open it."],
};

/** Nothing to complain about, though the words are the same. */
const NEUTRAL = [
  "It arrived the next day.", "I bought it for my brother.", "The hinge is solid.", "Worth every cent.", "The manual is short and clear.", "The colour is as shown.", "I had a question, and the answer came within an hour.", "We use it every day.",
  "It replaced one that had lasted ten years.", "The box was easy to open.", "My daughter likes it, too.", "I would buy it again.",
] as const;

/** Reviews of a shop. At most one complaint a review, more of one category than of any other. */
export function generateReviews({ seed, bytes }: { readonly seed: string; readonly bytes: number }): Reviews {
  const random = createRandom(`reviews/${seed}`);
  const worst = random.pick(CATEGORIES);
  const counts: Record<Category | "content", number> = { delivery: 0, durability: 0, price: 0, support: 0, usability: 0, content: 0 };
  const lines: string[] = [];
  for (let written = 0; written < bytes; written += (lines.at(-1)?.length ?? 0) + 1) {
    const label = random.next() < 0.5 ? "content" : random.next() < 0.1 ? worst : random.pick(CATEGORIES);
    counts[label] += 1;
    const sentences = random.shuffle(NEUTRAL).slice(0, random.int(2, 8));
    if (label !== "content") sentences.splice(random.int(0, sentences.length), 0, random.pick(COMPLAINTS[label]) as (typeof sentences)[number]);
    lines.push(`r${lines.length + 1}\t${sentences.join(" ")}`);
  }
  return { text: lines.join("\n"), truth: { counts, worst } };
}
