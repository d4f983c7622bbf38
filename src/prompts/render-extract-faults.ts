/** What the model reads when its extract reply did not fit the output types. */
export function renderExtractFaults(faults: readonly string[]): string {
  return `That reply cannot be used:\n${faults.map((fault) => `- ${fault}`).join("\n")}\nReply with the corrected JSON object and nothing else.`;
}
