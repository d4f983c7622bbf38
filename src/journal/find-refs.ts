/** A digest that stands somewhere in a record. */
export interface FoundRef {
  readonly digest: string;
  /** What the record calls it: the property that holds it (`planRef`, `prev`, …), or that its array is in. */
  readonly role: string;
  /** False: it may be a digest of anything, a call key for instance. */
  readonly certain: boolean;
}

const DIGEST = /^[0-9a-f]{64}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Every ref in a JSON value. Whatever looks like a digest counts: a record of a newer version must not lose what it refers to, and a look into the
 * store tells in the end.
 */
export function findRefs(value: unknown): FoundRef[] {
  const found: FoundRef[] = [];
  const walk = (each: unknown, role: string): void => {
    if (typeof each === "string") {
      if (DIGEST.test(each)) found.push({ digest: each, role, certain: false });
    } else if (Array.isArray(each)) for (const item of each) walk(item, role);
    else if (typeof each === "object" && each !== null) {
      const { digest, bytes, ...rest } = each as Record<string, unknown>;
      if (typeof digest === "string" && DIGEST.test(digest)) found.push({ digest, role: role === "ref" ? "input" : role, certain: typeof bytes === "number" });
      for (const [name, item] of Object.entries(rest)) walk(item, name);
    }
  };
  walk(value, "");
  return found;
}

/** Every UUID in a JSON value: ids of runs, whose replies lie under them. */
export function findUuids(value: unknown): string[] {
  if (typeof value === "string") return UUID.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(findUuids);
}
