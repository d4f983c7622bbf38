import { expect, it, vi } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { expectNoAnsweredCallRepeated } from "../helpers/nonce-replies.js";
import { busyScript, CALLS_OF_A_RUN, runsUnderLoad } from "../helpers/runs-under-load.js";
import { RealPage } from "./real-page.js";

vi.setConfig({ testTimeout: 600_000 });
const real = await RealPage.forFile();
const { cluster, page } = real;

/** Asks, is told in the dialog why not, and closes it. */
async function refused(action: string, fields: Readonly<Record<string, string>>, go: string, why: RegExp): Promise<void> {
  await real.press(action);
  for (const [label, value] of Object.entries(fields)) await real.field(label).evaluate((field: { value: string }, text) => { field.value = text; }, value);
  await real.submit(go);
  await real.dialog.getByRole("alert").getByText(why).waitFor();
  await real.submit("Close");
}

it("every control verb works by clicks on runs with calls in flight, and the page says why a wrong one is refused", async () => {
  let held = true;
  const others = { name: "others", when: { last: /^(two|three) 2/ }, reply: async () => { await vi.waitUntil(() => !held, { timeout: 300_000 }); return "late"; } };
  await runsUnderLoad(cluster, ["one", "two", "three"], others);
  await real.show("one");
  await page.getByText("The cell waits for 8 calls").waitFor();
  await refused("Fork…", { "After turn": "7" }, "Fork", /cannot be forked after turn 7/);
  await refused("Message…", { Message: "x".repeat(1_000_000) }, "Send", /has 1000000 bytes; at most 32768 are taken/);
  await refused("Limits…", { "Sub-calls": "1" }, "Change", /calls are used or under way already/);
  await refused("Limits…", { "Money in USD (or none)": "a lot" }, "Change", /budgetUsd/);

  await real.press("Pause…");
  await real.field("Why").fill("quota is low");
  await real.submit("Pause");
  await real.becomes("one", "paused");
  await page.locator(".title").getByText("quota is low").waitFor();
  await real.press("Message…");
  await real.field("Message").fill("Leave staging out.");
  await real.submit("Send");
  await real.told("sees the message");
  await real.press("Limits…");
  await real.field("Sub-calls").fill("200");
  await real.submit("Change");
  await page.getByText("of 200").waitFor();
  await real.press("Resume");
  await real.becomes("one", "running");

  // From a turn that is through, while the next is under way.
  await page.getByRole("article", { name: "Turn 2" }).getByText("running").waitFor();
  await page.getByRole("button", { name: /^Turn 1/ }).click();
  await page.getByRole("button", { name: "Fork after turn 1…" }).click();
  expect(await real.field("After turn").inputValue()).toBe("1");
  await real.field("Id of the new run").fill("one-again");
  await real.field("Sub-calls").fill("300");
  await real.submit("Fork");
  await page.getByRole("heading", { level: 1, name: "one-again" }).waitFor();
  await page.getByText("forked from one after turn 1").waitFor();
  await real.press("Cancel…");
  await real.submit("Cancel the run");
  await real.becomes("one-again", "cancelled");

  // The key is revoked under the others.
  await real.withSelected(["two"], "Retry");
  await real.told(/1 run refused\..*nothing to retry: it is running/);
  cluster.model.setRules([{ name: "revoked", reply: "", fault: { type: "status", status: 401 } }]);
  held = false;
  await Promise.all(["two", "three"].map((id) => real.becomes(id, "blocked")));
  await real.show("two");
  await page.getByText("Give the worker a key that works, then press Retry.").waitFor();
  cluster.model.setRules(busyScript());
  await real.press("Retry");
  await real.told("It tries again now.");
  await real.withSelected(["three"], "Retry");
  await real.told("1 run told to try again.");
  for (const id of ["two", "three"]) expect(await cluster.result(id)).toMatchObject({ status: "answered", llmCalls: CALLS_OF_A_RUN });
  expectNoAnsweredCallRepeated(cluster.model.ledger(), [], 0);
});

it("a run that is over takes no verb, and the list says so", async () => {
  await runsUnderLoad(cluster, ["four"]);
  expect(await cluster.result("four")).toMatchObject({ status: "answered", llmCalls: CALLS_OF_A_RUN });
  await real.withSelected(["four"], "Pause");
  await real.told(/1 run refused\..*is closed/);
  await real.show("four");
  await page.getByRole("article", { name: "Turn 3" }).waitFor();
  expect(await page.getByRole("group", { name: "Actions" }).getByRole("button").allTextContents()).toEqual(["Fork…"]);
  const { turns } = await readTrajectory(cluster.client, "four");
  expect(turns.flatMap(({ calls }) => calls)).toHaveLength(CALLS_OF_A_RUN);
});
