import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Dashboard } from "../../src/dashboard/start-dashboard.js";
import { startBrowser } from "../helpers/browser.js";
import { fakeSource, HOSTILE } from "./fake-source.js";
import { serve, TOKENS } from "./served.js";

// Twice ten pages under axe take long on a busy machine.
vi.setConfig({ testTimeout: 180_000 });
const PLACES = ["/", "/runs/nightly-00007?turn=1", "/runs/nightly-00007?turn=1&call=5", "/failures", "/schedules", "/batches", "/costs", "/new", "/nowhere", "/runs/cut-off-%E2%80"];

let browser: Browser;
let many: Dashboard;
let hostile: Dashboard;
beforeAll(async () => {
  [browser, many, hostile] = await Promise.all([startBrowser(), serve(fakeSource({ runs: 10_000, calls: 5000 })), serve(fakeSource({ calls: 30, text: HOSTILE }))]);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([many?.close(), hostile?.close()]);
});

/** A page with a session, and what went wrong in it. */
async function enter(dashboard: Dashboard, place: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
  // Axe is put in by the test: the page's own rules would refuse it.
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  const [path = "", query = ""] = place.split("?", 2);
  await page.goto(`${dashboard.url}${path}?${query}#token=${TOKENS.operator}`);
  await page.locator("main :is(h1, h2)").first().waitFor({ state: "attached" });
  return { page, context, faults };
}

const settled = (page: Page) => page.waitForFunction("!document.querySelector('main').textContent.includes('Reading the runs')");

it.each(["light", "dark"] as const)("has no serious fault of accessibility on any page with data, in the %s theme, and no error in any script", async (colorScheme) => {
  const { page, context, faults } = await enter(many, "/", { colorScheme });
  await page.evaluate(axe.source);
  for (const place of PLACES) {
    const [path = "", query = ""] = place.split("?", 2);
    await page.goto(`${many.url}${path}${query === "" ? "" : `?${query}`}`);
    await page.locator("main :is(h1, h2)").first().waitFor({ state: "attached" });
    await settled(page);
    if (query.includes("turn=")) await page.locator(".vl-row [role=cell]").nth(2).waitFor();
    if (query.includes("call=")) await page.locator("dialog[open]").waitFor();
    await page.evaluate(axe.source);
    const found = await page.evaluate<{ impact: string }[]>("axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3) })))");
    expect([place, found.filter(({ impact }) => impact === "serious" || impact === "critical")]).toEqual([place, []]);
  }
  expect(faults).toEqual([]);
  await context.close();
});

it("keeps filters in the address, counts 10,000 runs, and shows a hundred at a time", async () => {
  const { page, context } = await enter(many, "/");
  expect(page.url()).not.toContain("token");
  await page.getByText("10.0k runs").waitFor();
  expect(await page.locator("tbody tr").count()).toBe(100);
  await page.getByRole("button", { name: /^failed/ }).click();
  await page.getByText("1,111 runs").waitFor();
  expect(page.url()).toBe(`${many.url}/?status=failed`);
  expect(await page.getByRole("button", { name: /^failed/ }).getAttribute("aria-pressed")).toBe("true");
  await page.getByRole("button", { name: "Older" }).click();
  await page.getByText("page 2 of 12").waitFor();
  await page.reload();
  await page.getByText("page 2 of 12").waitFor();
  expect(page.url()).toBe(`${many.url}/?status=failed&page=2`);
  await page.getByRole("searchbox").fill("nightly-00004");
  await page.getByText("1 run", { exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get("q")).toBe("nightly-00004");
  await page.goto(`${many.url}/?q=does-not-exist`);
  await page.getByText("No run matches").waitFor();
  await context.close();
});

it("is worked by keys alone: move, select, open, go elsewhere, ask for help", async () => {
  const { page, context } = await enter(many, "/");
  await page.locator("tbody tr").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  expect(await page.locator("tr.at").textContent()).toContain("nightly-00001");
  await page.keyboard.press("x");
  await page.getByText("1 run selected").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "nightly-00001" }).waitFor();
  await page.locator("article.turn").nth(1).waitFor();
  await page.keyboard.press("k");
  await page.waitForURL(/turn=1/);
  await page.keyboard.press("Enter");
  await page.getByRole("table", { name: "Calls of turn 1" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.getByRole("heading", { name: "Failures by cause" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "nightly-00001" }).waitFor();
  await context.close();
});

it("shows 5,000 calls of a turn with a few dozen elements, and any of them whole", async () => {
  const { page, context } = await enter(many, "/runs/nightly-00007?turn=1");
  await page.getByText("5,000 calls").first().waitFor();
  await page.getByText("part 3: 3 errors").waitFor();
  const view = page.locator(".vl-view").first();
  await view.focus();
  await page.keyboard.press("End");
  await page.getByText("List the errors in part 4999.").waitFor();
  expect(await page.locator(".vl-row").count()).toBeLessThan(60);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Call 5000 of turn 1" }).waitFor();
  expect(new URL(page.url()).searchParams.get("call")).toBe("4999");
  await page.reload();
  await page.getByRole("heading", { name: "Call 5000 of turn 1" }).waitFor();
  await context.close();
});

it("shows hostile texts of every field as texts: nothing runs, nothing is loaded, nothing becomes an element; a narrow screen holds them", async () => {
  // With the page's own rules this time, and then without them: they are the second wall, not the first. Once on a telephone.
  for (const bypassCSP of [false, true]) {
    const { page, context } = await enter(hostile, "/", { bypassCSP, ...(bypassCSP && { viewport: { width: 390, height: 844 } }) });
    for (const place of PLACES) {
      await page.goto(`${hostile.url}${place}`);
      await page.locator("main :is(h1, h2)").first().waitFor({ state: "attached" });
      await settled(page);
      if (place.includes("turn=")) await page.locator(".vl-row [role=cell]").nth(2).waitFor();
      if (!["/nowhere", "/new"].includes(place) && !place.includes("%E2")) await page.waitForFunction("document.body.textContent.includes('<img src=x onerror=')");
      const made = await page.evaluate("[document.querySelectorAll('main img, main script, dialog img, dialog script, [onerror]').length, document.title, Math.max(0, document.documentElement.scrollWidth - innerWidth)]");
      expect([place, made]).toEqual([place, [0, expect.not.stringContaining("owned"), 0]]);
    }
    await page.goto(`${hostile.url}/runs/${encodeURIComponent(HOSTILE)}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    // What would turn the writing around is shown, not obeyed: it could make text look like other text.
    expect(await page.locator("h1").textContent()).toBe(HOSTILE.replace("\u202E", "⟨U+202E⟩"));
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("retry done.").waitFor();
    expect(await page.locator(".toast img").count()).toBe(0);
    await context.close();
  }
});

it("lets a viewer look and offers nothing that acts; without a link it says how to get one", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(many.url);
  await page.getByText("This browser has no session.").waitFor();
  await page.goto(`${many.url}/runs/nightly-00007#token=${TOKENS.viewer}`);
  await page.reload();
  await page.getByText("view only").waitFor();
  await page.locator("article.turn").first().waitFor();
  for (const name of ["Retry", "Pause…", "Limits…", "Fork…", "Cancel…"]) expect(await page.getByRole("button", { name }).count()).toBe(0);
  await context.close();
});

it("remembers the chosen theme", async () => {
  const { page, context } = await enter(many, "/", { colorScheme: "light" });
  const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const light = await background();
  await page.getByRole("button", { name: "auto" }).click();
  await page.getByRole("button", { name: "light" }).click();
  await page.getByRole("button", { name: "dark" }).waitFor();
  expect(await background()).not.toBe(light);
  await page.reload();
  await page.getByRole("button", { name: "dark" }).waitFor();
  expect(await background()).not.toBe(light);
  await context.close();
});
