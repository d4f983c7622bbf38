/** A reply of a scripted root model: what it thinks, then its code. Not a template: `{{` and backslashes in the code stay. */
export function turn(reasoning: string, code: string): () => string {
  return () => `${reasoning}\n\n\`\`\`python\n${code.trim()}\n\`\`\``;
}
