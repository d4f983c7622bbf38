const DEFAULT_MS = 10 * 60_000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * `RLM_STACK_IDLE`: how long the stack stays without anything to do, in milliseconds. `90s`, `10m`, `2h`, `500ms`; a bare
 * number is seconds; `never` is Infinity.
 *
 * @default 10 minutes
 */
export function parseIdleMs(value: string | undefined): number {
  if (value === undefined || value === "") return DEFAULT_MS;
  if (value === "never") return Number.POSITIVE_INFINITY;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value) ?? [];
  if (amount === undefined) throw new Error(`RLM_STACK_IDLE is "${value}"; write a time like "90s", "10m" or "2h", or "never".`);
  return Number(amount) * (UNIT_MS[unit ?? "s"] ?? 1_000);
}
