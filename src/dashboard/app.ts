import { Hono } from "hono";
import { pageFiles } from "./page-files.js";
import { answerError, refuse } from "./refuse.js";
import { liveRoutes } from "./routes/live-routes.js";
import { runRoutes } from "./routes/run-routes.js";
import { scheduleRoutes } from "./routes/schedule-routes.js";
import { sessionRoutes } from "./routes/session-routes.js";
import { hostGuard, originGuard, sessionCookie, sessionGuard, type DashboardEnv } from "./security/guards.js";
import { sizeLimit } from "./security/size-limit.js";
import { securityHeaders } from "./security/headers.js";
import type { Tokens } from "./security/tokens.js";
import type { DashboardSource } from "./source/source.js";
import type { SessionInfo } from "./wire.js";

export interface AppOptions {
  readonly source: DashboardSource;
  readonly tokens: Tokens;
  readonly hosts: ReadonlySet<string>;
  readonly port: number;
  /** Directory of the page's files. */
  readonly pageDirectory: string;
  readonly info: Omit<SessionInfo, "role">;
  /** Who acts, for the runs' histories. */
  readonly who: string;
  readonly log: (line: string) => void;
  /** Ends the streams. */
  readonly ending: AbortSignal;
}

/** Every route of the dashboard, behind its guards: host, origin, session, role. */
export async function createApp({ source, tokens, hosts, port, pageDirectory, info, who, log, ending }: AppOptions): Promise<Hono<DashboardEnv>> {
  const cookie = sessionCookie(port);
  const app = new Hono<DashboardEnv>();
  app.onError((error, c) => answerError(c, error, log));
  app.use(securityHeaders, hostGuard(hosts));
  app.use("/api/*", originGuard(hosts));
  app.use("/api/session", sizeLimit(4096, "That is no token."));
  app.route("/api/session", sessionRoutes(tokens, cookie));
  app.use("/api/*", sessionGuard(tokens, cookie));
  app.get("/api/me", (c) => c.json({ ...info, role: c.get("role") } satisfies SessionInfo));
  app.route("/api/live", liveRoutes(source, (error) => messageOf(error, log), ending));
  app.route("/api/schedules", scheduleRoutes(source, who));
  app.route("/api", runRoutes(source, who));
  app.all("/api/*", (c) => refuse(c, 404, "no_route", "There is no such address."));
  app.route("/", await pageFiles(pageDirectory));
  app.all("*", (c) => refuse(c, 405, "not_allowed", "This address can only be read."));
  return app;
}

function messageOf(error: unknown, log: (line: string) => void): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.message;
  log(`Unforeseen error in a stream: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return "The Temporal server or the store does not answer. Trying again.";
}
