/**
 * A history in proto JSON without the machine it was made on: identities and stack traces are blanked, the given names are replaced wherever they
 * stand, also inside payloads (session queues carry the worker's id).
 */
export function scrubHistory(history: unknown, names: Readonly<Record<string, string>>): unknown {
  const replace = (text: string): string => Object.entries(names).reduce((sum, [from, to]) => sum.replaceAll(from, to), text);
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === "string") {
      if (key === "identity") return "scrubbed";
      if (key === "stackTrace") return "";
      return key === "data" ? Buffer.from(replace(Buffer.from(value, "base64").toString("utf8")), "utf8").toString("base64") : replace(value);
    }
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner, name)]));
  };
  return visit(history, "");
}
