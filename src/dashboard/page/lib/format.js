/** @param {number | null | undefined} ms */
export function duration(ms) {
  if (ms === null || ms === undefined) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  const [m, h, d] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86_400)];
  if (h < 1) return `${m} m ${Math.round(s % 60)} s`;
  return d < 1 ? `${h} h ${m % 60} m` : `${d} d ${h % 24} h`;
}

/** @param {number | null | undefined} n */
export function count(n) {
  if (n === null || n === undefined) return "–";
  if (n < 10_000) return n.toLocaleString("en");
  return n < 1e6 ? `${(n / 1e3).toFixed(n < 1e5 ? 1 : 0)}k` : `${(n / 1e6).toFixed(n < 1e7 ? 2 : 1)}M`;
}

/** @param {number | null | undefined} usd */
export function money(usd) {
  if (usd === null || usd === undefined) return "–";
  if (usd === 0) return "$0";
  return usd < 0.01 ? `$${usd.toFixed(4)}` : `$${usd.toFixed(2)}`;
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}

/** @param {number} atMs */
export function ago(atMs) {
  const ms = Date.now() - atMs;
  if (ms < 0) return `in ${duration(-ms)}`;
  return ms < 5000 ? "now" : `${duration(ms < 60_000 ? Math.floor(ms / 1000) * 1000 : ms).replace(/ \d+ s$/, "")} ago`;
}

/** @param {number} atMs */
export function instant(atMs) {
  return new Date(atMs).toLocaleString("sv").slice(0, 19);
}

/** @param {{ inputTokens: number, outputTokens: number }} usage */
export function tokens({ inputTokens, outputTokens }) {
  return inputTokens + outputTokens;
}

/**
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export function plural(n, one, many = `${one}s`) {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** @param {string} text */
export function firstLine(text) {
  return text.trim().split("\n", 1)[0]?.slice(0, 200) ?? "";
}
