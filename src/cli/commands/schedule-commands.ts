import { Option, type Command } from "commander";
import { STRATEGIES } from "../../core/strategy.js";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";
import { addLimitOptions } from "./limit-options.js";

/** `rlm schedule …`. */
export function addScheduleCommands(program: Command, finish: Finish): void {
  const schedule = program.command("schedule").summary("run a task again and again, on what is new").description("Runs a task at set times, each time on the files of that time: every window is a durable run of its own.");
  withExamples(schedule, ["rlm schedule create nightly --cron \"0 3 * * *\" --tz Europe/Berlin -s \"logs: dict[str, str] -> summary\" --source 'logs/{yyyy-1d}-{MM-1d}-{dd-1d}/*.gz' --sink file:out/{yyyy-1d}-{MM-1d}-{dd-1d}.json", "rlm schedule show nightly"]);
  const create = withTask(schedule.command("create <name>").summary("make a schedule").description("Makes a schedule. Parts of the window in --source and in file: sinks, {yyyy}, {MM}, {dd}, {HH}, {mm}, of the day before {yyyy-1d}-{MM-1d}-{dd-1d}, are those of the time that was meant, in --tz: also under backfill and catch-up."))
    .option("--paused", "make it paused", false)
    .option("--note <text>", "a note beside it")
    .action((name: string, flags) => finish(async () => (await import("../actions/schedule-change.js")).scheduleCreate(name, flags)));
  withExamples(create, [
    "rlm schedule create nightly --cron \"0 3 * * *\" --tz Europe/Berlin -s \"logs: dict[str, str] -> summary\" --source 'logs/{yyyy-1d}-{MM-1d}-{dd-1d}/*.gz' --sink file:out/{yyyy-1d}-{MM-1d}-{dd-1d}.json",
    "rlm schedule create hourly --cron \"5 * * * *\" -s \"log, question -> answer\" -i question=\"What went wrong?\" --source log=https://logs.example/{yyyy-1h}{MM-1h}{dd-1h}-{HH-1h}.gz --sink webhook:https://example.com/hook",
  ]);
  const update = withTask(schedule.command("update <name>").summary("change a schedule").description("Changes what is named, for the windows to come; the rest stays. --cron, --source, --redact and --sink replace all of theirs."))
    .action((name: string, flags) => finish(async () => (await import("../actions/schedule-change.js")).scheduleUpdate(name, flags)));
  withExamples(update, ["rlm schedule update nightly --cron \"0 4 * * *\" --max-llm-calls 200"]);
  withExamples(
    json(schedule.command("ls").alias("list").summary("list schedules").description("Lists schedules: when they start next, and how the last window ended."))
      .action((flags) => finish(async () => (await import("../actions/schedule-look.js")).scheduleList(flags))),
    ["rlm schedule ls", "rlm schedule ls --json"],
  );
  withExamples(
    json(schedule.command("show <name>").summary("show a schedule").description("Shows what a schedule does, when it starts next, and how its last windows ended."))
      .option("--limit <n>", "how many windows", "10")
      .action((name: string, flags) => finish(async () => (await import("../actions/schedule-look.js")).scheduleShow(name, flags))),
    ["rlm schedule show nightly", "rlm schedule show nightly --json | jq '.recent[] | select(.status != \"answered\")'"],
  );
  withExamples(
    json(schedule.command("pause <name>").summary("let nothing start").description("Nothing starts until it is unpaused; windows under way go on.")).option("--note <text>", "why, for those who look at it")
      .action((name: string, flags) => finish(async () => (await import("../actions/schedule-act.js")).schedulePause(name, flags))),
    ["rlm schedule pause nightly --note \"the disk is full\""],
  );
  withExamples(
    json(schedule.command("unpause <name>").alias("resume").summary("let it start again").description("Lets a paused schedule start windows again.")).option("--note <text>", "a note, for those who look at it")
      .action((name: string, flags) => finish(async () => (await import("../actions/schedule-act.js")).scheduleUnpause(name, flags))),
    ["rlm schedule unpause nightly"],
  );
  withExamples(
    json(schedule.command("trigger <name>").summary("start a window now").description("Starts a window whose time is now, beside what is under way."))
      .action((name: string, flags) => finish(async () => (await import("../actions/schedule-act.js")).scheduleTrigger(name, flags))),
    ["rlm schedule trigger nightly"],
  );
  withExamples(
    json(schedule.command("backfill <name>").summary("start the windows of a time that has passed").description("Starts the windows that a span of time should have started, one after another. Those that have a result are not run again; those that failed, or found no files, are."))
      .requiredOption("--from <when>", "its begin, as in 2026-01-31 or 2026-01-31T03:00, in the schedule's time zone")
      .option("--to <when>", "its end, which belongs to it (default: that of --from)")
      .action((name: string, flags) => finish(async () => (await import("../actions/schedule-act.js")).scheduleBackfill(name, flags))),
    ["rlm schedule backfill nightly --from 2026-01-01 --to 2026-01-31", "rlm schedule backfill nightly --from 2026-01-05"],
  );
  withExamples(
    json(schedule.command("delete <name>").summary("delete a schedule").description("Deletes a schedule. Windows under way go on; their results stay until rlm delete."))
      .action((name: string, flags) => finish(async () => (await import("../actions/schedule-change.js")).scheduleDelete(name, flags))),
    ["rlm schedule delete nightly"],
  );
}

/** What a schedule runs, and when. */
function withTask(command: Command): Command {
  json(command)
    .option("--cron <line>", "when: minute, hour, day of month, month, day of week; or @daily and the like; repeatable", collect, [])
    .option("--tz <zone>", "time zone of --cron and of the window, as in Europe/Berlin (default: UTC)")
    .option("--overlap <rule>", "when the window before is still under way: skip, buffer-one, buffer-all, cancel-other, allow-all (default: skip)")
    .option("--jitter <duration>", "start up to so much later, by chance (default: none)")
    .option("--catch-up <duration>", "make up for starts that were missed for so long (default: 1d)")
    .option("-s, --signature <text>", "the task, as in \"logs: dict[str, str] -> summary\"")
    .option("--program <file>", "a saved program: JSON with signature and instructions")
    .option("--instructions <text>", "what to do, in words")
    .option("--source <name=address>", "an input that each window reads anew: NAME=FILE, DIRECTORY, 'PATTERN' or https://…, with parts of the window; NAME= may be left out for the only such input; repeatable", collect, [])
    .option("-i, --input <name=value>", "an input that all windows share, as for rlm run; repeatable", collect, [])
    .addOption(new Option("--strategy <name>", "how to work (default: rlm)").choices(STRATEGIES))
    .option("--setup <file>", "Python that is run once before the first turn")
    .option("--tools <file>", "module that exports tools; hosted by the embedded stack, or by rlm worker --tools FILE on a server of your own")
    .addOption(new Option("--packages <where>").hideHelp())
    .option("--model <name>", "root model (RLM_MODEL)")
    .option("--sub-model <name>", "model of the sub-calls (RLM_SUB_MODEL; default: the root model)")
    .option("--job <name>", "name that rlm ls --job finds the runs by (default: the schedule's)")
    .option("--redact <pattern>", "regular expression: what matches in the inputs becomes [REDACTED] before it is stored; repeatable", collect, [])
    .option("--sink <where>", "deliver each result, by the worker: file:PATH, webhook:URL[,secret-env=NAME], slack:NAME; repeatable", collect, [])
    .optionsGroup("Limits of a window:")
    .option("--budget-usd <amount>", "money for one run; needs prices in rlm.config.json (default: no limit)");
  return addLimitOptions(command).optionsGroup("Options:");
}

function json(command: Command): Command {
  return command.option("--json", "print as JSON", false);
}

function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}
