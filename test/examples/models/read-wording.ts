/** Reads the values out of a text that one of the wordings says, `null` when none does: how the oracles understand what they are sent. */
export function readWording(wordings: readonly string[], text: string): Readonly<Record<string, string>> | null {
  for (const wording of wordings) {
    const pattern = wording.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{(\w+)\}/g, "(?<$1>[^\\n]+?)");
    const found = new RegExp(`${pattern}(?![\\w-])`).exec(text);
    if (found !== null) return { ...found.groups };
  }
  return null;
}
