import { availableParallelism, loadavg } from "node:os";

export const CHAOS_DOC = "docs/chaos.md";
const BEGIN = "<!-- Written by npm run chaos -->";
const END = "<!-- End of what npm run chaos writes -->";

/** The machine, for those who read the times. Call it before the campaign: later the load is its own. */
export function conditions(): string {
  return `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before`;
}

/** The page with another outcome in the place of the last one. */
export function withCampaign(page: string, outcome: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${CHAOS_DOC} has no place for the outcome of a campaign. Put the lines "${BEGIN}" and "${END}" where it is to be.`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${outcome}\n\n${page.slice(to)}`;
}
