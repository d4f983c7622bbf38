/** What the server answers with when it says no. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {string} path below `/api`
 * @returns {Promise<any>}
 */
export function get(path) {
  return ask(path, {});
}

/**
 * @param {string} path below `/api`
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export function post(path, body) {
  return ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function ask(path, options) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`/api${path}`, options);
  } catch {
    throw new Refused(0, "unreachable", "The dashboard does not answer. Start it again with `rlm dashboard`; this page goes on by itself.");
  }
  const body = await response.json().catch(() => null);
  if (response.ok) return body;
  throw new Refused(response.status, body?.error?.code ?? "unknown", body?.error?.message ?? `The dashboard answered ${response.status}.`);
}

/**
 * A part of a path. Ids may hold anything.
 * @param {string | number} text
 */
export function seg(text) {
  return encodeURIComponent(String(text));
}
