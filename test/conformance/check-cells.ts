import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type CallRule, type CellSession, openCellSession } from "../helpers/cell-session.js";
import { type CellCase, inputJson, loadCellCases } from "./cell-case.js";
import { caseTools } from "./case-tool.js";
import { unmet } from "./check-expectation.js";

/** A test for each case of these files, each through the real sandbox. */
export function checkCells(...files: readonly Parameters<typeof loadCellCases>[0][]): void {
  const cases = files.flatMap((file) => loadCellCases(file));
  const sessions = new SharedSessions(cases);
  afterAll(() => sessions[Symbol.asyncDispose]());
  describe.each([...new Set(cases.map(({ group }) => group))])("%s", (group) => {
    test.each(cases.filter((cellCase) => cellCase.group === group))("$name", async (cellCase) => {
      expect(await faultsOf(cellCase, sessions)).toEqual([]);
    });
  });
}

async function faultsOf(cellCase: CellCase, sessions: SharedSessions): Promise<string[]> {
  let session;
  try {
    session = await sessions.take(cellCase);
  } catch (error) {
    const { contains } = cellCase.expect[0]?.error ?? {};
    return contains !== undefined && String(error).includes(contains) ? [] : [String(error)];
  }
  const faults: string[] = [];
  for (const [index, code] of cellCase.cells.entries()) {
    const result = await session.run(code);
    faults.push(...unmet(cellCase.expect[index] ?? {}, result).map((fault) => `cell ${index}: ${fault}`));
  }
  await sessions.giveBack(cellCase, session);
  return faults;
}

/** Sessions that cases with equal inputs and outputs share, cleaned in between. */
class SharedSessions implements AsyncDisposable {
  readonly #directory = mkdtempSync(path.join(tmpdir(), "durable-rlm-cells-"));
  readonly #sessions = new Map<string, CellSession>();

  constructor(private readonly cases: readonly CellCase[]) {}

  async take(cellCase: CellCase): Promise<CellSession> {
    const rule: CallRule = {
      ...(cellCase.llm && { llm: cellCase.llm }),
      ...(cellCase.max_llm_calls && { maxLlmCalls: Number(cellCase.max_llm_calls) }),
    };
    const known = this.#isShared(cellCase) ? this.#sessions.get(keyOf(cellCase)) : undefined;
    if (known !== undefined) {
      await known.reuse(rule);
      return known;
    }
    const session = await openCellSession({
      ...rule,
      inputs: Object.fromEntries(Object.entries(cellCase.inputs).map(([name, value]) => [name, inputJson(value)])),
      outputNames: cellCase.outputs?.map(({ name }) => name) ?? ["output"],
      tools: cellCase.tools === undefined ? [] : (await caseTools(this.#directory, cellCase.tools)).tools,
      maxOutputChars: 6_000_000,
      cellTimeoutMs: cellCase.name === "infinite-loop-interrupted" ? 3_000 : 60_000,
    });
    if (this.#isShared(cellCase)) this.#sessions.set(keyOf(cellCase), session);
    return session;
  }

  async giveBack(cellCase: CellCase, session: CellSession): Promise<void> {
    if (!this.#isShared(cellCase)) await session[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions.values()) await session[Symbol.asyncDispose]();
    rmSync(this.#directory, { recursive: true });
  }

  #isShared(cellCase: CellCase): boolean {
    return !cellCase.fresh && this.cases.filter((other) => !other.fresh && keyOf(other) === keyOf(cellCase)).length > 1;
  }
}

function keyOf(cellCase: CellCase): string {
  return JSON.stringify([cellCase.inputs, cellCase.outputs, cellCase.tools]);
}
