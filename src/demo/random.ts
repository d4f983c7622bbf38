/** Numbers that are the same for the same seed, on every machine. Not for secrets. */
export interface SeededRandom {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  /** `count` different items in random order; fewer when there are no more. */
  sample<T>(items: readonly T[], count: number): T[];
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** A generator of its own for each seed text (SFC32 by Chris Doty-Humphrey, state from an FNV-1a hash). */
export function createRandom(seed: string): SeededRandom {
  const state = [hash(`${seed}/a`), hash(`${seed}/b`), hash(`${seed}/c`), 1] as [number, number, number, number];
  const nextUint32 = (): number => {
    const [a, b, c, counter] = state;
    const sum = (a + b + counter) | 0;
    state[3] = (counter + 1) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) nextUint32();

  const next = (): number => nextUint32() / 2 ** 32;
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[int(0, items.length - 1)];
    if (item === undefined) throw new RangeError("There is nothing to pick from an empty list.");
    return item;
  };
  const sample = <T>(items: readonly T[], count: number): T[] => {
    const left = [...items];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) taken.push(...left.splice(int(0, left.length - 1), 1));
    return taken;
  };
  const hex = (digits: number): string => (nextUint32() >>> 0).toString(16).padStart(8, "0").slice(0, digits);
  return { next, int, pick, sample, hex };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
