import { describe, expect, it } from "vitest";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
let worker = await cluster.startWorker();

const SETUP = 'RATE = 0.19\n\ndef gross(net: float, rate: float = RATE) -> float:\n    """Adds the tax."""\n    return round(net * (1 + rate), 2)\n';

describe("the user's setup", () => {
  it("is there from turn 1 on, is described to the model, and survives the loss of the session", async () => {
    const block = (cell: string) => `\`\`\`python\n${cell}\n\`\`\``;
    cluster.model.reset();
    cluster.model.setRules([
      { name: "root", when: { model: "scripted-root", system: "- `gross(net: float, rate: float = 0.19) -> float`: Adds the tax.", turn: 1 }, reply: block("first = gross(100)"), delayMs: 200 },
      { name: "root 2", when: { model: "scripted-root", system: "- `RATE` (float): 0.19", turn: 2 }, reply: block("SUBMIT(answer=f'{first} {gross(1)}')"), delayMs: 1500 },
    ]);
    const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" }, setup: SETUP });
    await expect.poll(() => cluster.model.ledger().some(({ rule }) => rule === "root 2"), { timeout: 20_000 }).toBe(true);
    await worker.kill();
    worker = await cluster.startWorker();
    expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "119.0 1.19" } });
  });

  it.each([
    ["raises", "x = 1\ny = x / 0\n", /The setup failed:.*File "<cell setup>", line 2.*ZeroDivisionError: division by zero/s],
    ["does not parse", "def broken(:\n", /The setup failed:.*SyntaxError/s],
    ["calls a model", "llm_query('now')\n", /a setup cannot call models or tools/],
    ["takes a name of the sandbox", "SUBMIT = print\n", /names that belong to the sandbox: SUBMIT/],
  ])("that %s ends the run at once, before any model is asked", async (_what, setup, message) => {
    cluster.script(["SUBMIT(answer='never')"]);
    const result = await cluster.run({ signature: "q -> answer: str", inputs: { q: "?" }, setup });
    expect(result).toMatchObject({ status: "failed", turns: 0 });
    expect(result.reason).toMatch(message);
    expect(cluster.model.ledger()).toEqual([]);
  });
});
