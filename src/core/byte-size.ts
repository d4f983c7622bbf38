const KIB = 1024;
const UNIT_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3, mb: 1e6, gb: 1e9,
  kib: KIB, mib: KIB ** 2, gib: KIB ** 3,
  // A bare letter is binary, as in ulimit, Docker and the JVM.
  k: KIB, m: KIB ** 2, g: KIB ** 3,
};

/**
 * Bytes of a size such as `2GiB`, `512 MiB`, `1.5GB`, `512m`; case does not matter.
 *
 * @throws RangeError when it is anything else; a number without a unit is refused
 */
export function parseBytes(text: string): number {
  const [, amount = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const bytes = Math.round(Number(amount) * (UNIT_BYTES[unit.toLowerCase()] ?? Number.NaN));
  if (amount === "" || !Number.isSafeInteger(bytes)) {
    const cure = /^\s*\d+\s*$/.test(text) ? `Add a unit: \`${text.trim()}MiB\` or \`${text.trim()}B\`.` : "Write it like `2GiB`, `512MiB` or `1.5GB`.";
    throw new RangeError(`"${text}" is not a size. ${cure}`);
  }
  return bytes;
}

/** `512 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
