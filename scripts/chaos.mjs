import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

const HELP = `Strikes real workers, sandboxes and the Temporal server while runs are under way, and checks that nobody notices. See docs/chaos.md.

  npm run chaos                        10 runs
  npm run chaos -- --runs 100          some 20 minutes on two cores
  npm run chaos -- --runs 5 --seed 41  seeds 41 to 45
`;

const { values } = parseArgs({ options: { runs: { type: "string", default: "10" }, seed: { type: "string", default: "1" }, help: { type: "boolean", default: false } } });
for (const [name, text] of [["runs", values.runs], ["seed", values.seed]]) {
  if (/^[1-9]\d{0,5}$/.test(text)) continue;
  process.stderr.write(`--${name} is "${text}"; give a whole number from 1.\n`);
  process.exit(2);
}
if (values.help) process.stdout.write(HELP);
else {
  const vitest = await startVitest("test", [], { config: "test/chaos/campaign.config.ts", watch: false, env: { CHAOS_RUNS: values.runs, CHAOS_SEED: values.seed } });
  await vitest.close();
}
