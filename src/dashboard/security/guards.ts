import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import type { Role } from "../wire.js";
import { refuse } from "../refuse.js";
import { roleOfSession, type Tokens } from "./tokens.js";

/** What the guards leave for the routes. */
export interface DashboardEnv {
  Variables: { role: Role };
}

/** First of all: a request for another host is answered with nothing of ours. */
export function hostGuard(hosts: ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host")?.toLowerCase() ?? "";
    if (!hosts.has(host)) return refuse(c, 421, "foreign_host", "This dashboard is not served under that name. Open it at the address that `rlm dashboard` printed, or start it with --allow-host NAME.");
    return next();
  };
}

/**
 * Requests that another site's page makes. Reads must not say that they come from elsewhere; what changes something must say that it comes from here:
 * the Origin is ours, or the browser vouches for it (Sec-Fetch-Site).
 */
export function originGuard(hosts: ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header("origin");
    const site = c.req.header("sec-fetch-site");
    const foreign = (origin !== undefined && !isOurs(origin, hosts)) || (site !== undefined && site !== "same-origin" && site !== "none");
    const writes = c.req.method !== "GET" && c.req.method !== "HEAD";
    const unsaid = writes && origin === undefined && site !== "same-origin";
    if (foreign || unsaid) return refuse(c, 403, "foreign_origin", "This request does not come from the dashboard's own page. Open the dashboard itself; programs use the rlm command or the API.");
    if (writes && !(c.req.header("content-type") ?? "").startsWith("application/json")) return refuse(c, 415, "not_json", "Send JSON (Content-Type: application/json).");
    return next();
  };
}

function isOurs(origin: string, hosts: ReadonlySet<string>): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  return (protocol === "http:" || protocol === "https:") && hosts.has(host);
}

/** Cookies are shared by all ports of a host: each dashboard has its own. */
export function sessionCookie(port: number): string {
  return `rlm_dashboard_${port}`;
}

/** Nothing is told to who has no session. */
export function sessionGuard(tokens: Tokens, cookie: string): MiddlewareHandler<DashboardEnv> {
  return async (c, next) => {
    const role = roleOfSession(tokens, getCookie(c, cookie) ?? "", Date.now());
    if (role === null) return refuse(c, 401, "no_session", "This browser has no session. Open the link that `rlm dashboard` prints.");
    c.set("role", role);
    return next();
  };
}

/** Viewers change nothing. */
export const operatorGuard: MiddlewareHandler<DashboardEnv> = async (c, next) => {
  if (c.get("role") !== "operator") return refuse(c as Context, 403, "viewer", "This link may look and not act. Ask for the operator's link (`rlm dashboard` prints it).");
  return next();
};
