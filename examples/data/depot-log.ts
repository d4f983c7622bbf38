import { fill } from "./fill.js";
import { createRandom, type Random } from "./random.js";

export interface DepotLog {
  readonly text: string;
  readonly site: string;
  /** The code in force at the site, and the whole line that says so. */
  readonly truth: { readonly code: string; readonly line: string };
}

const SITES = ["Rotterdam", "Lyon", "Porto", "Gdansk", "Trieste", "Bergen"] as const;

/** A code is in force from such a line on. No word is in all of them. */
export const CODE_IS_SET = [
  "done, the keypad at {site} takes {code} from tonight on",
  "{site} opens with {code} now, please tell the drivers",
  "I have programmed {code} into the gate in {site}, the old one is dead",
  "as of this shift you get into {site} by typing {code}",
] as const;

/** The same words, and nothing has changed. */
const CODE_IS_NOT_SET = [
  "how about {code} for {site}? it would be easy to remember",
  "if nobody minds, the keypad at {site} could get {code} next month",
  "someone typed {code} at the gate in {site} five times, it stayed shut",
  "no, {code} for {site} was turned down by security",
] as const;

const SMALL_TALK = [
  "truck 17 is late again, traffic on the ring road", "who has the forklift keys?", "coffee machine is broken, please use the one upstairs", "pallet count agrees with the list",
  "rain comes in at dock 4, I put a bucket there", "can somebody relieve me at six?", "the new scanners are much better", "all quiet here",
] as const;

const ROUTINE: readonly ((random: Random) => string)[] = [
  (random) => `INFO scanner: parcel ${random.int(1e8, 9e8)} scanned at belt ${random.int(1, 40)} in ${random.int(3, 90)} ms`,
  (random) => `INFO gate: vehicle ${random.int(100, 999)} passed barrier ${random.int(1, 12)}, weight ${random.int(2000, 39_000)} kg`,
  (random) => `DEBUG climate: hall ${random.int(1, 9)} at ${random.int(14, 23)}.${random.int(0, 9)} degrees, humidity ${random.int(30, 70)} %`,
  (random) => `WARN belt: motor ${random.int(1, 60)} draws ${random.int(11, 19)}.${random.int(0, 9)} A, limit is ${random.int(12, 15)} A`,
];

/** Months of a depot's machine log, with what people wrote to each other in between. One line says which code opens the asked site. */
export function generateDepotLog({ seed, bytes }: { readonly seed: string; readonly bytes: number }): DepotLog {
  const random = createRandom(`depot/${seed}`);
  const [site = SITES[0], ...others] = random.shuffle(SITES);
  const code = (): string => String(random.int(10_000, 99_999));
  const trueCode = code();
  const needleAt = bytes * (0.1 + 0.8 * random.next());
  let needle = "";
  const lines: string[] = [];
  for (let written = 0, second = 0; written < bytes; second += random.int(1, 90)) {
    const time = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().slice(0, 19);
    const chat = (text: string): string => `${time} INFO radio: [${random.pick(["ada", "joe", "kim", "lin", "sam"])}] ${text}`;
    const draw = random.next();
    let line: string;
    if (needle === "" && written >= needleAt) line = needle = chat(fill(random.pick(CODE_IS_SET), { site, code: trueCode }));
    else if (draw < 0.002) line = chat(random.pick(SMALL_TALK));
    else if (draw < 0.0025) line = chat(fill(random.pick(CODE_IS_NOT_SET), { site: random.pick(SITES), code: code() }));
    else if (draw < 0.003) line = chat(fill(random.pick(CODE_IS_SET), { site: random.pick(others), code: code() }));
    else line = `${time} ${random.pick(ROUTINE)(random)}`;
    lines.push(line);
    written += line.length + 1;
  }
  return { text: lines.join("\n"), site, truth: { code: trueCode, line: needle } };
}
