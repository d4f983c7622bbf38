import { writeFile } from "node:fs/promises";
import { describeMachine } from "../machine.js";
import { median } from "../numbers.js";
import { parseOptions } from "../options.js";
import { measureInput } from "./measure-input.js";
import { measureRecovery } from "./measure-recovery.js";
import { measureStart } from "./measure-start.js";
import { Rig } from "./rig.js";
import type { SandboxRow } from "./row.js";
import { FULL_SANDBOX_SIZES, SMALL_SANDBOX_SIZES, type SandboxSizes } from "./sizes.js";

/*
 * The sandbox and its snapshots by themselves, without Temporal, as one table:
 * node dist/bench/sandbox/main.js [--only start,input,recovery] [--repeat 5] [--small] [--json FILE]
 */

const GROUPS: Readonly<Record<string, (rig: Rig, sizes: SandboxSizes, repeat: number) => Promise<SandboxRow[]>>> = { start: measureStart, input: measureInput, recovery: measureRecovery };

/** Of the median against the bound that is written as "≤ N". */
function verdict({ reach, values }: SandboxRow): string {
  const bound = Number(/^≤ ([\d.]+)/.exec(reach)?.[1]);
  const ratio = median(values) / bound;
  return ratio <= 1 ? "met" : `${ratio.toFixed(2)} × the reach`;
}

function render(rows: readonly SandboxRow[]): string {
  const number = (value: number): string => (Number.isNaN(value) ? "n/a" : value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2));
  const lines = rows.map((row) => {
    const { measured, prototype, reach, values, unit, detail } = row;
    const range = values.length < 2 ? "" : ` (${number(Math.min(...values))}–${number(Math.max(...values))})`;
    return `| ${measured} | ${number(median(values))} ${unit}${range} | ${reach} | ${verdict(row)} | ${prototype} | ${detail} |`;
  });
  return ["| measured | median (least–most) | reach | verdict | prototype | in detail |", "|---|---|---|---|---|---|", ...lines, ""].join("\n");
}

const options = parseOptions(process.argv.slice(2), Object.keys(GROUPS));
if (options === null) {
  process.stdout.write("Measures the sandbox and its snapshots. Options: --only start,input,recovery, --repeat N, --small, --json FILE\n");
} else {
  const sizes = options.small ? SMALL_SANDBOX_SIZES : FULL_SANDBOX_SIZES;
  const machine = describeMachine();
  await using rig = await Rig.open();
  const rows: SandboxRow[] = [];
  for (const group of options.only) {
    process.stderr.write(`${group} …\n`);
    rows.push(...((await GROUPS[group]?.(rig, sizes, options.repeat)) ?? []));
  }
  process.stdout.write(`${machine.cpus}, Node ${machine.node}, load ${machine.load}, isolation ${rig.factory.isolation}. Medians of ${options.repeat}.\n\n${render(rows)}`);
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify({ machine, sizes, rows }, null, 2)}\n`);
}
