import { createRandom, type Random } from "./random.js";

export interface Letters {
  readonly text: string;
  readonly truth: {
    /** `YYYY-MM-DD`. */
    readonly earliest: string;
    readonly latest: string;
    readonly per_year: Readonly<Record<string, number>>;
  };
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"] as const;
const FRENCH = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"] as const;
const GERMAN = ["Jänner", "Feber", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"] as const;
const ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"] as const;

interface Day {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
}

/** How a letter may be dated: `write` gives the text, `read` the day of such a text. */
export const DATE_STYLES: readonly { readonly write: (day: Day) => string; readonly read: (text: string) => Day | null }[] = [
  style("{d} {m} {y}", MONTHS),
  style("{m} {d}th, {y}", MONTHS),
  style("le {d} {m} de l'an {y}", FRENCH),
  style("am {d}. {m} {y}", GERMAN),
  style("{d}.{m}.{y}", ROMAN),
  style("in the year {y}, {d} days into {m}", MONTHS),
];

function style(pattern: string, months: readonly string[]): (typeof DATE_STYLES)[number] {
  const expression = new RegExp(`^${pattern.replaceAll(".", "\\.").replace("{d}", "(?<d>\\d+)").replace("{y}", "(?<y>\\d{4})").replace("{m}", `(?<m>${months.join("|")})`)}$`);
  return {
    write: ({ year, month, day }) => pattern.replace("{d}", String(day)).replace("{y}", String(year)).replace("{m}", months[month] ?? ""),
    read: (text) => {
      const { d, m, y } = expression.exec(text)?.groups ?? {};
      return d === undefined || m === undefined || y === undefined ? null : { year: Number(y), month: months.indexOf(m), day: Number(d) };
    },
  };
}

export const isoDay = ({ year, month, day }: Day): string => `${year}-${String(month + 1).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

const PHRASES = [
  "I thank you for yours of last week.", "The horses are well.", "The price of wool has fallen again.", "Your aunt sends her love and {n} pears.", "We expect the surveyor any day.", "My mother was born on 3 May 1731 and remembers it.",
  "The roof leaks in {n} places.", "Pray send the seeds before spring.", "It has rained for {n} days.",
] as const;
const PLACES = ["Leiden", "Turin", "Graz", "Rouen", "Bath"] as const;

/** Letters without order. The first line of each has place and date, in one of many styles. */
export function generateLetters({ seed, bytes }: { readonly seed: string; readonly bytes: number }): Letters {
  const random = createRandom(`letters/${seed}`);
  const letters: string[] = [];
  const days: string[] = [];
  for (let written = 0; written < bytes; written += (letters.at(-1)?.length ?? 0) + 5) {
    const date: Day = { year: random.int(1770, 1789), month: random.int(0, 11), day: random.int(4, 20) };
    days.push(isoDay(date));
    letters.push(`${random.pick(PLACES)}, ${random.pick(DATE_STYLES).write(date)}\n${body(random)}`);
  }
  const perYear: Record<string, number> = {};
  for (const day of days) perYear[day.slice(0, 4)] = (perYear[day.slice(0, 4)] ?? 0) + 1;
  days.sort();
  return { text: letters.join("\n\n\n"), truth: { earliest: days[0] ?? "", latest: days.at(-1) ?? "", per_year: perYear } };
}

function body(random: Random): string {
  const sentences = Array.from({ length: random.int(20, 60) }, () => random.pick(PHRASES).replace("{n}", String(random.int(2, 40))));
  return `${sentences.join(" ")}\nYour humble servant`;
}
