import { PACK_V1 } from "./pack-v1.js";
import type { PackOverride, PromptPack } from "./prompt-pack.js";

/** What differs by family of models, each with the observation it rests on. The first that matches holds. */
const OVERRIDES: readonly PackOverride[] = [
  {
    family: "qwen",
    models: /(^|[/:_-])qwen/i,
    // The article (arXiv 2512.24601) had to add such a line for Qwen3-Coder, which otherwise sent a sub-call for every line of its input.
    append: { strategy: "9. Sub-calls cost time and money: never one for each line or each short item. Gather many items into one call, close to the size above, and look at the number of calls before you send them." },
  },
];

/** The newest pack as a model reads it. `model`: its name as the provider knows it. */
export function packFor(model: string): PromptPack {
  const override = OVERRIDES.find(({ models }) => models.test(model));
  if (override === undefined) return PACK_V1;
  return withOverride(PACK_V1, override);
}

export function withOverride(pack: PromptPack, { family, append }: PackOverride): PromptPack {
  const texts = (Object.keys(append) as (keyof typeof append)[]).map((name) => [name, `${pack[name]}\n${append[name] ?? ""}`]);
  return { ...pack, ...(Object.fromEntries(texts) as typeof append), version: `${pack.version}+${family}` };
}
