import { writeFile } from "node:fs/promises";
import { currentLoad, describeMachine } from "./machine.js";
import { MEASUREMENTS } from "./measurements.js";
import { formatMs } from "./numbers.js";
import { BenchOptionError, parseOptions, type BenchOptions } from "./options.js";
import { renderMarkdown, type Section } from "./report.js";
import { Cleanup } from "./setup/cleanup.js";
import { Cluster } from "./setup/cluster.js";

const HELP = `Measures the engine on real parts and prints a table in Markdown. Nothing is asserted.

  npm run bench                        everything, 3 repetitions, about 10 minutes
  npm run bench -- --only turn,calls   some of it
  npm run bench -- --repeat 5          repetitions
  npm run bench -- --small             small sizes: to see that it works
  npm run bench -- --json FILE         all figures as JSON, too

Measurements:
${MEASUREMENTS.map(({ key, title }) => `  ${key.padEnd(10)} ${title}`).join("\n")}
`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function measureAll({ only, repeat, sizes }: BenchOptions, cleanup: Cleanup, found: (section: Section) => void): Promise<void> {
  const cluster = await Cluster.start(cleanup, say);
  await cluster.measureNoop(sizes.noops);
  for (const { key, title, measure } of MEASUREMENTS.filter(({ key: each }) => only.includes(each))) {
    const load = currentLoad();
    const noopMs = await cluster.measureNoop(sizes.noops);
    say(`${title} (no-op activity ${formatMs(noopMs)}, load ${load}) …`);
    // What a measurement starts ends with it, also when it fails in the middle.
    const own = new Cleanup();
    const end = cleanup.add(() => own.run());
    try {
      found({ key, title, noopMs, load, rows: await measure({ cluster, cleanup: own, sizes, repeat, say }) });
    } catch (error) {
      if (cleanup.closed) return;
      process.exitCode = 1;
      say(`${title} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    } finally {
      await end();
    }
  }
}

/** Resolves with the signal's exit code when the bench is told to stop. Told again, it goes on cleaning up. */
function interruption(cleanup: Cleanup): Promise<number> {
  return new Promise((resolve) => {
    process.on("SIGINT", () => resolve(130));
    process.on("SIGTERM", () => resolve(143));
    // What fails where nobody waits must not leave processes behind either.
    process.on("uncaughtException", (error) => {
      if (!cleanup.closed) say(error.stack ?? String(error));
      resolve(1);
    });
  });
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), MEASUREMENTS.map(({ key }) => key));
  if (options === null) {
    process.stdout.write(HELP);
    return 0;
  }
  const machine = describeMachine();
  const sections: Section[] = [];
  const cleanup = new Cleanup();
  const stopped = interruption(cleanup);
  const measured = measureAll(options, cleanup, (section) => sections.push(section)).then(() => null);
  // After an interruption its parts are gone, and it fails; nobody waits for it then.
  measured.catch(() => undefined);
  try {
    const exitCode = await Promise.race([measured, stopped]);
    if (exitCode !== null) {
      say("Stopped; cleaning up.");
      return exitCode;
    }
  } finally {
    await cleanup.run();
  }
  process.stdout.write(renderMarkdown(sections, machine, options.repeat));
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify({ machine, repeat: options.repeat, sizes: options.sizes, sections }, null, 2)}\n`);
  return Number(process.exitCode ?? 0);
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    say(error instanceof BenchOptionError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(error instanceof BenchOptionError ? 2 : 1);
  },
);
