import { SnapshotFormatError, SnapshotRefusedError } from "./errors.js";

/** JavaScript modules that Python may import, by name. */
export type HostModules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export type SavedRef = { readonly host: readonly [module: string, member?: string] } | { readonly json: unknown };

/**
 * Saved form of a JavaScript object that Python refers to: one of ours, or plain data.
 * @throws {SnapshotRefusedError} anything else cannot be made again in another process.
 */
export function saveRef(value: unknown, modules: HostModules): SavedRef {
  for (const [name, module] of Object.entries(modules)) {
    if (value === module) return { host: [name] };
    for (const [member, entry] of Object.entries(module)) if (value === entry) return { host: [name, member] };
  }
  if (isPlainData(value, 0)) return { json: value };
  throw new SnapshotRefusedError("js_proxy_alive", `a variable refers to a JavaScript ${kindOf(value)}`, "Delete that variable; keep Python objects only.");
}

/** @throws {SnapshotFormatError} no such module or function. */
export function loadRef(saved: SavedRef, modules: HostModules): unknown {
  if ("json" in saved) return saved.json;
  const [name, member] = saved.host;
  // Own names only: `constructor` of a snapshot that was tampered with would be JavaScript's.
  const module = Object.hasOwn(modules, name) ? modules[name] : undefined;
  const found = module === undefined || member === undefined ? module : Object.hasOwn(module, member) ? module[member] : undefined;
  if (found === undefined) throw new SnapshotFormatError(`The snapshot refers to ${JSON.stringify(saved.host)}, which this program does not have. Restore from an older snapshot.`);
  return found;
}

const MAX_DEPTH = 20;

/** True for what JSON carries without loss. */
function isPlainData(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return true;
  if (typeof value !== "object" || depth > MAX_DEPTH) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((entry) => isPlainData(entry, depth + 1));
}

function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
