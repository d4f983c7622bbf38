import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { homePaths } from "../../src/stack/home.js";
import { readStackState } from "../../src/stack/state-file.js";
import { stackStatus } from "../../src/stack/stack-status.js";
import { runCli } from "../helpers/run-cli.js";
import { stackForTest, stackProcesses } from "../stack/stack-for-test.js";

const soon = { timeout: 60_000, interval: 100 };
const answers = (url: string): Promise<number> => fetch(url).then(({ status }) => status, () => 0);

it("keeps a dashboard served until rlm down, over the death of its process and of the stack", async () => {
  const stack = await stackForTest();
  const env = { RLM_HOME: stack.home, RLM_MODEL: "scripted-root", OPENAI_BASE_URL: "http://127.0.0.1:9/v1", RLM_STACK_IDLE: "1s" };
  // A stack that would leave at once, with a stand-in for the worker; the command finds it up.
  await (await stack.ensure({ env: { ...stack.env, ...env } })).release();
  const first = await runCli(["up", "--dashboard", "--json"], { env });
  expect(first, first.stderr).toMatchObject({ code: 0 });
  const { dashboard: url, links } = JSON.parse(first.stdout) as { dashboard: string; links: { operator: string; viewer: string } };
  expect(links.operator).toMatch(new RegExp(`^${url}/#token=[\\w-]{43}$`));

  // The link opens it, with the settings of the command; without it nothing is told.
  const [, token = ""] = links.operator.split("#token=");
  expect(await answers(`${url}/api/me`)).toBe(401);
  const session = await fetch(`${url}/api/session`, { method: "POST", headers: { "content-type": "application/json", origin: url }, body: JSON.stringify({ token }) });
  const me = await fetch(`${url}/api/me`, { headers: { cookie: (session.headers.get("set-cookie") ?? "").split(";")[0] ?? "" } });
  expect(await me.json()).toMatchObject({ role: "operator", models: { root: "scripted-root" } });

  const pidOf = (): number => readStackState(stack.home)?.children.find(({ role }) => role === "dashboard")?.pid ?? 0;
  const killed = pidOf();
  process.kill(killed, "SIGKILL");
  await expect.poll(pidOf, soon).not.toBe(killed);
  await expect.poll(() => answers(url), soon).toBe(200);

  const { stack: stackPid, allGone } = await stackProcesses(stack.home);
  process.kill(stackPid, "SIGKILL");
  await expect.poll(allGone, soon).toBe(true);
  await (await stack.ensure({ env: { ...stack.env, ...env } })).release();
  await expect.poll(() => answers(url), soon).toBe(200);
  expect(await stackStatus(stack.home)).toMatchObject({ running: true, dashboard: url });

  expect((await runCli(["down"], { env })).code).toBe(0);
  expect(await answers(url)).toBe(0);
  await stack.ensure();
  expect(await stackStatus(stack.home)).toMatchObject({ phase: "ready", dashboard: null });

  const { stackLog, dashboardLog } = homePaths(stack.home);
  expect(await readFile(stackLog, "utf8") + await readFile(dashboardLog, "utf8")).not.toContain(token);
}, 240_000);
