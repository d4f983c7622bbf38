import { fill } from "./fill.js";
import { createRandom } from "./random.js";

export interface Chronicles {
  /** Id to text. */
  readonly documents: Readonly<Record<string, string>>;
  readonly bridge: string;
  /** The answer, and the documents that it follows from, in the order of the hops. */
  readonly truth: { readonly town: string; readonly path: readonly string[] };
}

/** Who built it, who founded that, where that one was born: a hop each. */
export const BUILT = ["The {bridge} is the work of {company}.", "When the {bridge} was opened, the bill of {company} was still unpaid.", "{company} sent its best masons for the {bridge} and finished it early."] as const;
export const FOUNDED = ["{person} set up {company} with a loan from an aunt.", "The first sign over the door of {company} bore the name of {person}, who had begun alone.", "{company} was called to life by {person} in a rented barn."] as const;
export const BORN = ["{person} first saw the light in {town}.", "The church book of {town} has the birth of {person}.", "As a native of {town}, {person} never learned to swim."] as const;
/** They name the same things and answer nothing. */
const ASIDES = [
  "{company} lost the tender for the {bridge}.", "{person} was once seen on the {bridge} with an umbrella.", "{person} sold bricks to {company} for years.", "{person} died in {town}, far from home.", "{company} opened an office in {town}.",
] as const;

const SYLLABLES = ["bal", "cor", "dun", "fel", "gar", "hol", "kin", "lor", "mar", "nor", "pel", "ros", "sel", "tor", "val", "wen"] as const;
const FILLER = [
  "The market was held on the second day as usual.", "Grain was cheap that year, and the mill stood still in summer.", "A dispute about a fence was settled by the elders.", "The bell was cast anew and rang for the first time at noon.",
  "Travellers complained about the road.", "There was music in the evening.", "The clerk copied the list twice and lost one copy.", "Nothing else of note was entered.",
] as const;

/** Thousands of pages of town chronicles; the facts of one chain stand in three of them, each with the names of the next. */
export function generateChronicles({ seed, bytes }: { readonly seed: string; readonly bytes: number }): Chronicles {
  const random = createRandom(`chronicles/${seed}`);
  const used = new Set<string>();
  const name = (suffix: string): string => {
    for (;;) {
      const word = random.pick(SYLLABLES) + random.pick(SYLLABLES) + random.pick(SYLLABLES);
      const whole = `${word.charAt(0).toUpperCase()}${word.slice(1)}${suffix}`;
      if (!used.has(whole) && used.add(whole)) return whole;
    }
  };
  const chains = Array.from({ length: 200 }, () => ({ bridge: name(" Bridge"), company: name(" & Sons"), person: `${random.pick(["Ada", "Bruno", "Clara", "Emil", "Ida", "Otto"])} ${name("")}`, town: name("ford") }));
  const [asked = { bridge: "", company: "", person: "", town: "" }] = chains;
  const facts = [
    ...chains.flatMap((chain) => [BUILT, FOUNDED, BORN].map((wordings) => ({ text: fill(random.pick(wordings), chain), chain }))),
    ...Array.from({ length: 1500 }, () => {
      const [one, two, three, four] = [random.pick(chains), random.pick(chains), random.pick(chains), random.pick(chains)];
      return { text: fill(random.pick(ASIDES), { bridge: one.bridge, company: two.company, person: three.person, town: four.town }), chain: null };
    }),
    ...ASIDES.map((aside) => ({ text: fill(aside, { ...random.pick(chains.slice(1)), bridge: asked.bridge, person: asked.person }), chain: null })),
  ];
  const documents: Record<string, string> = {};
  const path: string[] = [];
  const order = random.shuffle(facts);
  const chars = Math.floor(bytes / order.length);
  for (const [at, { text, chain }] of order.entries()) {
    const id = `page-${String(at + 1).padStart(5, "0")}`;
    const sentences: string[] = [];
    for (let written = text.length; written < chars; written += (sentences.at(-1)?.length ?? 0) + 1) sentences.push(random.pick(FILLER));
    sentences.splice(random.int(0, sentences.length), 0, text);
    documents[id] = sentences.join(" ");
    if (chain === asked) path[facts.findIndex((fact) => fact.text === text)] = id;
  }
  return { documents, bridge: asked.bridge, truth: { town: asked.town, path } };
}
