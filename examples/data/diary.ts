import { fill } from "./fill.js";
import { createRandom, type Random } from "./random.js";

export const EVENT_KINDS = ["storm", "illness", "theft", "discovery", "mutiny"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface Diary {
  readonly text: string;
  readonly truth: {
    /** What marked each month, in order. */
    readonly events: readonly { readonly month: string; readonly kind: EventKind }[];
    /** Who commands at the end. */
    readonly leader: string;
  };
}

/** What marks a month. The kind is never named. */
export const EVENTS: Readonly<Record<EventKind, readonly string[]>> = {
  storm: ["For three days the wind tore at the tents, and we could not stand upright.", "The sea came over the bow all night and took two boats with it.", "Hail as large as eggs; the mast went overboard before noon."],
  illness: ["Half of the men cannot rise, their gums bleed, and the doctor has no more lemons.", "The fever has now reached the cook; nine lie in the shade and speak to people who are not here.", "We buried no one yet, but the surgeon has forbidden all work and boils every cup."],
  theft: ["The chest with the chronometers was found open this morning, and empty.", "Somebody has helped himself to the flour at night; the lock was not broken but opened.", "Two mules and the silver are gone, and so is the guide."],
  discovery: ["Behind the ridge lies a lake that is on no map; we named it before breakfast.", "The stones under the moss turned out to be a stair, and it leads to a gate with letters nobody can read.", "The bird that the boy brought in belongs to no species in our books."],
  mutiny: ["They stood before my tent with rifles and said that they would not go one mile further.", "The crew has locked the mate into his cabin and turned the ship around without orders.", "Since yesterday nobody obeys; the men have chosen speakers of their own."],
};

export const HANDOVERS = ["{from} is worn out and has given the command to {to}.", "From today we follow {to}; {from} keeps the maps.", "{from} stepped back, and {to} read out the first orders."] as const;

/** Nothing of this happens. */
const DREAMS = ["I dreamt of a storm again, but the sky is clear.", "Talk at the fire of thieves in other camps; ours is honest.", "The doctor says that nobody is ill.", "There was laughter about the mutiny in the book that the mate reads.", "Some say that {to} would lead us well one day."] as const;

const PEOPLE = ["Falk", "Ortega", "Lindqvist", "Moreau", "Tanaka", "Abreu", "Novak"] as const;
const ORDINARY = [
  "We covered {n} miles and rested by a stream.", "Thermometer at {n} degrees in the morning.", "The dogs are well and eat {n} pounds a day.", "I mended the sledge and wrote {n} labels.", "{n} sacks of biscuit are left.",
  "The cook made soup of what the nets gave, {n} fish.", "Longitude taken {n} times, all in agreement.", "Sang in the evening; {n} men know all the verses.",
] as const;

const MONTHS = 24;
const DAYS = 30;

/** Two years of an expedition's diary. Each month has one event, told in one sentence of a day; some months have a change of command. */
export function generateDiary({ seed, bytes }: { readonly seed: string; readonly bytes: number }): Diary {
  const random = createRandom(`diary/${seed}`);
  const people = random.shuffle(PEOPLE);
  const handoverMonths = new Set(random.shuffle(Array.from({ length: MONTHS }, (_unused, at) => at)).slice(0, people.length - 1));
  const events: { month: string; kind: EventKind }[] = [];
  const pages: string[] = [];
  let leader = people.shift() ?? PEOPLE[0];
  for (let at = 0; at < MONTHS; at += 1) {
    const month = `${1874 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
    const kind = random.pick(EVENT_KINDS);
    events.push({ month, kind });
    const special = new Map([[random.int(1, 14), random.pick(EVENTS[kind])]]);
    const next = handoverMonths.has(at) ? people.shift() : undefined;
    if (next !== undefined) special.set(random.int(15, DAYS), fill(random.pick(HANDOVERS), { from: leader, to: next }));
    leader = next ?? leader;
    for (let day = 1; day <= DAYS; day += 1) pages.push(`## ${month}-${String(day).padStart(2, "0")}\n${page(random, bytes / (MONTHS * DAYS), special.get(day))}`);
  }
  return { text: pages.join("\n\n"), truth: { events, leader } };
}

function page(random: Random, chars: number, special: string | undefined): string {
  const sentences: string[] = [];
  for (let written = 0; written < chars - 60; written += (sentences.at(-1)?.length ?? 0) + 1) {
    sentences.push(random.next() < 0.01 ? fill(random.pick(DREAMS), { to: random.pick(PEOPLE) }) : fill(random.pick(ORDINARY), { n: String(random.int(2, 60)) }));
  }
  if (special !== undefined) sentences.splice(random.int(0, sentences.length), 0, special);
  return sentences.join(" ");
}
