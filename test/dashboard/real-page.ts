import type { Browser, Page } from "playwright-core";
import { afterAll, vi } from "vitest";
import { readResult } from "../../src/client/read-result.js";
import { clientSource } from "../../src/dashboard/source/client-source.js";
import type { DashboardSource } from "../../src/dashboard/source/source.js";
import type { Dashboard } from "../../src/dashboard/start-dashboard.js";
import { startBrowser } from "../helpers/browser.js";
import { TestCluster } from "../helpers/cluster.js";
import { serve, TOKENS } from "./served.js";

const LONG = { timeout: 60_000 };

/** The dashboard over a real cluster with a worker, looked at in a real browser by an operator. */
export class RealPage {
  private constructor(readonly cluster: TestCluster, private readonly browser: Browser, readonly source: DashboardSource, private dashboard: Dashboard, readonly page: Page) {}

  /** For the tests of a file; gone after them. To be awaited at the file's top. */
  static async forFile(): Promise<RealPage> {
    const [cluster, browser] = await Promise.all([TestCluster.start(), startBrowser()]);
    await cluster.startWorker();
    const source = clientSource({
      client: cluster.client, directory: cluster.home, queues: () => cluster.queues(), askServer: async () => true, wake: async () => undefined,
      startRun: async ({ signature, inputs }) => ({ workflowId: await cluster.start({ signature, inputs: Object.fromEntries(inputs.map(({ name, text }) => [name, text])) }), warnings: [] }),
    });
    const dashboard = await serve(source);
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    page.setDefaultTimeout(LONG.timeout);
    await page.goto(`${dashboard.url}/#token=${TOKENS.operator}`);
    await page.getByRole("heading", { name: "Runs", exact: true }).waitFor({ state: "attached" });
    const real = new RealPage(cluster, browser, source, dashboard, page);
    afterAll(() => real.#close());
    return real;
  }

  get url(): string {
    return this.dashboard.url;
  }

  /** Ends the dashboard, without the browser's page; `between` sees what is shown then. */
  async restart(source = this.source, between: () => Promise<void> = async () => undefined): Promise<void> {
    const { port } = this.dashboard;
    await this.dashboard.close();
    await between();
    this.dashboard = await serve(source, port);
  }

  async go(place: string): Promise<void> {
    await this.page.goto(`${this.url}${place}`);
  }

  show(id: string): Promise<void> {
    return this.go(`/runs/${id}`);
  }

  /** A button of the run that is shown. */
  press(name: string): Promise<void> {
    return this.page.getByRole("group", { name: "Actions" }).getByRole("button", { name }).click();
  }

  /** A button of the dialog that is open. */
  submit(name: string): Promise<void> {
    return this.dialog.getByRole("button", { name, exact: true }).click();
  }

  get dialog() {
    return this.page.locator("dialog[open]");
  }

  field(label: string) {
    return this.dialog.getByLabel(label, { exact: true });
  }

  /** Waits for a message at the edge of the page. */
  told(text: string | RegExp): Promise<void> {
    return this.page.locator(".toast", { hasText: text }).first().waitFor();
  }

  /** Does something with several runs at once, from the list. */
  async withSelected(ids: readonly string[], verb: "Pause" | "Resume" | "Retry" | "Cancel"): Promise<void> {
    await this.go("/");
    for (const id of ids) await this.page.getByRole("checkbox", { name: `Select ${id}`, exact: true }).check();
    await this.page.getByRole("region", { name: "Selected runs" }).getByRole("button", { name: verb }).click();
    await this.submit(verb);
  }

  /** Shows a run that makes calls all the while: one every third of a second, for as long as nobody stops it. */
  async busy(id: string): Promise<string> {
    this.cluster.script(["for i in range(400): last = llm_query(f'part {i}')", "SUBMIT(answer='done')"], { reply: "ok", delayMs: 300 });
    await this.cluster.start({ signature: "q -> answer", inputs: { q: "?" }, id, limits: { maxLlmCalls: 5000, maxIterations: 5 } });
    await this.show(id);
    await this.page.getByText("The cell waits for").waitFor();
    return id;
  }

  async becomes(id: string, wanted: string): Promise<void> {
    await vi.waitUntil(async () => (await readResult(this.cluster.client, id)).status === wanted, { ...LONG, interval: 100 });
  }

  async #close(): Promise<void> {
    await this.browser.close();
    await this.dashboard.close();
    await this.cluster[Symbol.asyncDispose]();
  }
}
