/** What the model reads when its `SUBMIT` did not fit the output types: every fault, and that the run goes on. */
export function renderSubmitFaults(faults: readonly string[]): string {
  return `[Error] SUBMIT was not accepted; the run goes on:\n${faults.map((fault) => `- ${fault}`).join("\n")}\nMend these and call SUBMIT again; your variables are kept.`;
}
