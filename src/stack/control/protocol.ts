import { z } from "zod";

/** Wire types of the control socket: HTTP and JSON over a unix socket of mode 0600. */

/** GET /status */
export const StackReport = z.object({
  phase: z.enum(["starting", "ready", "stopping"]),
  /** What is being done, for people, as in "Starting the Temporal server". */
  step: z.string(),
  address: z.string().nullable(),
  namespace: z.string(),
  ui: z.string().nullable(),
  /** Address of the dashboard without a token; null: none is served. */
  dashboard: z.string().nullable().default(null),
  pids: z.object({ stack: z.number(), server: z.number().nullable(), worker: z.number().nullable() }),
  /** How often each was started again since the stack started. */
  restarts: z.object({ server: z.number(), worker: z.number() }),
  versions: z.object({ package: z.string(), pyodide: z.string(), temporalServer: z.string().nullable(), temporalCli: z.string().nullable() }),
  /** Null while the server cannot be asked. */
  openRuns: z.number().nullable(),
  /** Salted, so that it tells only whether the credentials have changed; null when there are none. */
  credentials: z.string().nullable(),
});
export type StackReport = z.infer<typeof StackReport>;

/** POST /lease: keeps the stack from leaving while the process lives. DELETE /lease/ID ends it sooner. */
export const LeaseRequest = z.object({ pid: z.number().int().positive(), startToken: z.string() });
export const LeaseReply = z.object({ id: z.string() });

/** POST /credentials: answered when a worker with these credentials is ready. */
export const CredentialsRequest = z.object({ apiKey: z.string().nullable(), baseUrl: z.string().nullable(), keys: z.record(z.string(), z.string()).default({}) });
export const CredentialsReply = z.object({ changed: z.boolean() });

/** POST /tools: answered when a process that hosts the tools of the file takes calls. `env` holds no keys of models. `forSchedules`: they stay while there are schedules. */
export const ToolsRequest = z.object({ file: z.string(), digest: z.string().regex(/^[0-9a-f]{64}$/), cwd: z.string(), env: z.record(z.string(), z.string()), forSchedules: z.boolean().default(false) });
export type ToolsRequest = z.infer<typeof ToolsRequest>;
export const ToolsReply = z.object({ hosted: z.literal(true) });

/** POST /dashboard: answered when the dashboard answers. `env` and `cwd` as of the command that asks, without keys of models. */
export const DashboardRequest = z.object({ cwd: z.string(), env: z.record(z.string(), z.string()) });
export type DashboardRequest = z.infer<typeof DashboardRequest>;
export const DashboardReply = z.object({ url: z.string() });

/** POST /stop: answered at once. */
export const StopReply = z.object({ stopping: z.literal(true) });

/** Any answer with a status of 400 or more. */
export const ErrorReply = z.object({ error: z.string() });
