import type { LedgerRow } from "../testing/ledger.js";

/** The model server's own account: what was sent, what was answered, what was sent twice. */
export function printLedger(rows: readonly LedgerRow[], killed: boolean, say: (text: string) => void): void {
  const byKey = new Map<string, LedgerRow[]>();
  for (const row of rows) byKey.set(row.idempotencyKey ?? "", [...(byKey.get(row.idempotencyKey ?? "") ?? []), row]);
  const answeredTwice = [...byKey.values()].filter((same) => same.filter(({ answered }) => answered).length > 1).length;
  const count = (test: (row: LedgerRow) => boolean): number => rows.filter(test).length;
  say(`\nThe model server's ledger
  requests                    ${rows.length}  (${count(({ rule }) => rule === "demo-root")} root, ${count(({ rule }) => rule === "demo-sub")} sub)
  different calls             ${byKey.size}
  answered                    ${count(({ answered }) => answered)}
  cut off in flight           ${count(({ aborted }) => aborted)}${killed ? "  (by the kill; these were sent again)" : ""}
  answered and sent again     ${answeredTwice}${killed && answeredTwice > 0 ? "  (answered at the very moment of the kill, before the reply was stored)" : ""}
`);
}
