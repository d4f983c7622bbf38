import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type CallRule, type CellSession, openCellSession } from "../helpers/cell-session.js";
import { type CellCase, inputJson, loadCellCases } from "./cell-case.js";
import { caseTools } from "./case-tool.js";
import { unmet } from "./check-expectation.js";

const cases = [...loadCellCases("cells.json"), ...loadCellCases("more-cells.json"), ...loadCellCases("neighbour-cells.json")];
const directory = mkdtempSync(path.join(tmpdir(), "durable-rlm-cells-"));
/** Sessions that cases with equal inputs and outputs share, cleaned in between. */
const shared = new Map<string, CellSession>();

afterAll(async () => {
  for (const session of shared.values()) await session[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

describe.each([...new Set(cases.map(({ group }) => group))])("%s", (group) => {
  test.each(cases.filter((cellCase) => cellCase.group === group))("$name", async (cellCase) => {
    expect(await faultsOf(cellCase)).toEqual([]);
  });
});

async function faultsOf(cellCase: CellCase): Promise<string[]> {
  let session;
  try {
    session = await sessionFor(cellCase);
  } catch (error) {
    const { contains } = cellCase.expect[0]?.error ?? {};
    return contains !== undefined && String(error).includes(contains) ? [] : [String(error)];
  }
  const faults: string[] = [];
  for (const [index, code] of cellCase.cells.entries()) {
    const result = await session.run(code);
    faults.push(...unmet(cellCase.expect[index] ?? {}, result).map((fault) => `cell ${index}: ${fault}`));
  }
  if (!isShared(cellCase)) await session[Symbol.asyncDispose]();
  return faults;
}

async function sessionFor(cellCase: CellCase): Promise<CellSession> {
  const rule: CallRule = {
    ...(cellCase.llm && { llm: cellCase.llm }),
    ...(cellCase.max_llm_calls && { maxLlmCalls: Number(cellCase.max_llm_calls) }),
  };
  const known = isShared(cellCase) ? shared.get(keyOf(cellCase)) : undefined;
  if (known !== undefined) {
    await known.reuse(rule);
    return known;
  }
  const session = await openCellSession({
    ...rule,
    inputs: Object.fromEntries(Object.entries(cellCase.inputs).map(([name, value]) => [name, inputJson(value)])),
    outputNames: cellCase.outputs?.map(({ name }) => name) ?? ["output"],
    tools: cellCase.tools === undefined ? [] : (await caseTools(directory, cellCase.tools)).tools,
    maxOutputChars: 6_000_000,
    cellTimeoutMs: cellCase.name === "infinite-loop-interrupted" ? 3_000 : 60_000,
  });
  if (isShared(cellCase)) shared.set(keyOf(cellCase), session);
  return session;
}

function isShared(cellCase: CellCase): boolean {
  return !cellCase.fresh && cases.filter((other) => !other.fresh && keyOf(other) === keyOf(cellCase)).length > 1;
}

function keyOf(cellCase: CellCase): string {
  return JSON.stringify([cellCase.inputs, cellCase.outputs, cellCase.tools]);
}
