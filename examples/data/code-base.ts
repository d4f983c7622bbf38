import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { createRandom } from "./random.js";

export interface CodeBase {
  /** Path to text. */
  readonly files: Readonly<Record<string, string>>;
  readonly truth: { readonly paths: readonly string[] };
}

/** Code that takes loyalty points away from customers when they are too old. Each is a part of the feature. */
export const IMPLEMENTS = [
  "export function sweep(ledger: Ledger, nowMs: number): void {\n  // Rewards do not last.\n  for (const lot of ledger.points) if (lot.earnedAtMs < nowMs - LIFETIME_MS) lot.left = 0;\n}\n",
  "export const spendable = (bonus: readonly Lot[], today: Day): number =>\n  bonus.filter((lot) => lot.expiresOn >= today).reduce((sum, lot) => sum + lot.points, 0);\n",
  "UPDATE_STALE = \"UPDATE reward_points SET balance = 0, forfeited = balance WHERE earned < date('now', '-24 months')\";\nexport const nightly = (db: Db): void => db.run(UPDATE_STALE);\n",
  "class LapseJob extends Job {\n  /** Two years after the purchase the customer's bonus points go back to the shop. */\n  override run(): void { this.store.points.removeOlderThan(this.clock.yearsAgo(2)); }\n}\n",
] as const;

/** Code that has to do with it and does none of it. */
const MENTIONS = [
  "// Loyalty points that expire are shown in grey; see the sweep.\nexport const colourOf = (points: Lot): string => (points.isStale ? \"grey\" : \"green\");\n",
  "it(\"forfeits reward points after two years\", () => {\n  sweep(ledger, NOW_MS);\n  expect(ledger.points[0]?.left).toBe(0);\n});\n",
  "export const earn = (bonus: Lot[], price: number): void => {\n  // They expire; that is somebody else's job.\n  bonus.push({ points: Math.floor(price / 10), reward: true });\n};\n",
  "export const MESSAGES = { lapse: \"Your bonus points expire soon. Use your rewards!\" };\n",
] as const;

const MAX_FILE_BYTES = 300_000;

/** Source files below a directory, up to a size, with a feature that is spread over files of its own put in between. */
export function plantFeature({ root, seed, bytes }: { readonly root: string; readonly seed: string; readonly bytes: number }): CodeBase {
  const random = createRandom(`code/${seed}`);
  const files: Record<string, string> = readSources(root, bytes);
  const folders = [...new Set(Object.keys(files).map((name) => path.posix.dirname(name)))];
  // Files of ordinary size that have nothing to do with it: every mention is one of ours.
  const hosts = Object.values(files).filter((text) => text.length > 2000 && text.length < 20_000 && !/loyal|reward|bonus|points/i.test(text));
  const paths: string[] = [];
  for (const code of random.shuffle([...IMPLEMENTS, ...MENTIONS])) {
    const host = random.pick(hosts);
    const cut = host.lastIndexOf("\n", random.int(0, host.length)) + 1;
    const name = `${random.pick(folders)}/${random.pick(["helpers", "tasks", "account", "jobs", "misc", "shared"])}-${random.int(1000, 9999)}.ts`;
    files[name] = `${host.slice(0, cut)}\n${code}\n${host.slice(cut)}`;
    if ((IMPLEMENTS as readonly string[]).includes(code)) paths.push(name);
  }
  return { files, truth: { paths: paths.sort() } };
}

function readSources(root: string, bytes: number): Record<string, string> {
  const files: Record<string, string> = {};
  let left = bytes;
  for (const name of walk(root)) {
    const { size } = statSync(path.join(root, name));
    if (size > MAX_FILE_BYTES) continue;
    files[name] = readFileSync(path.join(root, name), "utf8");
    left -= size;
    if (left <= 0) break;
  }
  return files;
}

/** Source files below a folder, relative to the root, in the same order everywhere. */
function* walk(root: string, folder = ""): Generator<string> {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true }).filter(({ name }) => !name.startsWith("."));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(root, name);
    else if (entry.isFile() && /\.(ts|js|mjs|cjs)$/.test(entry.name)) yield name;
  }
}
