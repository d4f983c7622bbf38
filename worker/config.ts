import { hostname } from "node:os";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { z } from "zod";
import { BIND_ADDRESS_RULE, parseBindAddress } from "../src/config/bind-address.js";
import { parseBytes } from "../src/core/byte-size.js";
import { DEFAULT_QUEUE_PREFIX } from "../src/core/queues.js";
import type { ModelRouterOptions } from "../src/model/model-router.js";
import { readPackageSet, type PackageSet } from "../src/repl/packages/package-set.js";
import { resolveHome } from "../src/stack/home.js";
import { deploymentVariables, resolveDeployment, type WorkerDeployment } from "./deployment.js";

const ROLES = ["workflow", "llm", "repl"] as const;
export type WorkerRole = (typeof ROLES)[number];

const positive = z.coerce.number().int().positive();

const environment = z.object({
  RLM_ROLES: z
    .string()
    .default(ROLES.join(","))
    .transform((text) => text.split(",").map((role) => role.trim()))
    .pipe(z.array(z.enum(ROLES)).nonempty()),
  RLM_QUEUE_PREFIX: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/).default(DEFAULT_QUEUE_PREFIX),
  RLM_MAX_SESSIONS: positive.optional(),
  RLM_MAX_PARKED_BYTES: positive.optional(),
  RLM_SESSION_IDLE_MS: positive.default(15 * 60_000),
  RLM_SHUTDOWN_GRACE_MS: positive.default(3000),
  RLM_POOL_SIZE: z.coerce.number().int().nonnegative().default(1),
  RLM_MEMORY_LIMIT_BYTES: positive.default(2 * 1024 ** 3),
  RLM_BUBBLEWRAP: z.enum(["auto", "off", "require"]).default("auto"),
  RLM_MAX_CACHED_WORKFLOWS: z.coerce.number().int().nonnegative().default(500),
  RLM_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
  RLM_METRICS: z.string().transform(toBindAddress).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: z.string().optional(),
  RLM_PACKAGES: z.string().optional(),
  RLM_STORE: z.string().optional(),
  RLM_STORE_QUOTA: z.string().transform(toBytes).optional(),
  ...deploymentVariables,
  OPENAI_BASE_URL: z.url().default("https://api.openai.com/v1"),
  OPENAI_API_KEY: z.string().min(1).optional(),
  RLM_MODEL_HOSTS: z.string().transform((text) => text.split(",").map((host) => host.trim()).filter((host) => host !== "")).optional(),
});

export interface WorkerConfig {
  readonly workerId: string;
  readonly roles: readonly WorkerRole[];
  readonly queuePrefix: string;
  /** `null`: no worker versioning. */
  readonly deployment: WorkerDeployment | null;
  readonly home: string;
  readonly storeDirectory: string;
  /** What the store may hold; `null`: no limit. */
  readonly storeQuotaBytes: number | null;
  readonly maxSessions: number;
  /** Memory that sessions between steps may take together. */
  readonly maxParkedBytes: number;
  /** A parked session that nobody came back to for so long costs more memory than its restore costs time. */
  readonly sessionIdleMs: number;
  /** How long calls under way may go on when the worker is told to end; what takes longer is made again elsewhere. */
  readonly shutdownGraceMs: number;
  readonly poolSize: number;
  readonly memoryLimitBytes: number;
  readonly bubblewrap: "auto" | "off" | "require";
  readonly packages: PackageSet;
  readonly maxCachedWorkflows: number;
  readonly logLevel: string;
  /** `host:port` for Prometheus; `null`: off. */
  readonly metrics: string | null;
  /** Where spans go, by OpenTelemetry's own variables; `null`: nowhere. `content`: prompts and answers too. */
  readonly traces: { readonly url: string; readonly content: boolean } | null;
  readonly model: ModelRouterOptions;
}

/** A session weighs its heap + about 135 MB; half of the machine's memory may go to them. */
const SESSION_WEIGHT_BYTES = 256 * 1024 ** 2;

/** Reads the worker's settings from the environment. Throws one error that names every bad variable and its rule. */
export function resolveWorkerConfig(env: NodeJS.ProcessEnv, totalMemoryBytes: number): WorkerConfig {
  const parsed = environment.safeParse(withoutEmpty(env));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`);
    throw new Error(`The worker's environment is not usable. ${faults.join("; ")}. Correct the variables and start it again.`);
  }
  const { data } = parsed;
  const home = resolveHome(env);
  return {
    workerId: `${hostname().replace(/[^A-Za-z0-9.-]/g, "-").slice(0, 40)}-${process.pid}-${randomBytes(4).toString("hex")}`,
    roles: data.RLM_ROLES,
    queuePrefix: data.RLM_QUEUE_PREFIX,
    deployment: resolveDeployment(data.TEMPORAL_DEPLOYMENT_NAME, data.TEMPORAL_WORKER_BUILD_ID),
    home,
    storeDirectory: storeDirectory(data.RLM_STORE, home),
    storeQuotaBytes: data.RLM_STORE_QUOTA ?? null,
    maxSessions: data.RLM_MAX_SESSIONS ?? Math.max(2, Math.min(64, Math.floor(totalMemoryBytes / 2 / SESSION_WEIGHT_BYTES))),
    maxParkedBytes: data.RLM_MAX_PARKED_BYTES ?? Math.floor(totalMemoryBytes / 2),
    sessionIdleMs: data.RLM_SESSION_IDLE_MS,
    shutdownGraceMs: data.RLM_SHUTDOWN_GRACE_MS,
    poolSize: data.RLM_POOL_SIZE,
    memoryLimitBytes: data.RLM_MEMORY_LIMIT_BYTES,
    bubblewrap: data.RLM_BUBBLEWRAP,
    traces: tracesOf(data),
    packages: readPackageSet(data.RLM_PACKAGES),
    maxCachedWorkflows: data.RLM_MAX_CACHED_WORKFLOWS,
    logLevel: data.RLM_LOG_LEVEL,
    metrics: data.RLM_METRICS ?? null,
    model: {
      baseURL: data.OPENAI_BASE_URL,
      apiKey: data.OPENAI_API_KEY ?? null,
      keyOf: (variable) => env[variable] || null,
      allowedHosts: data.RLM_MODEL_HOSTS === undefined ? null : new Set(data.RLM_MODEL_HOSTS),
    },
  };
}

function toBytes(text: string, context: z.RefinementCtx): number {
  try {
    return parseBytes(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    return 0;
  }
}

function toBindAddress(text: string, context: z.RefinementCtx): string {
  const address = parseBindAddress(text);
  if (address === null) context.addIssue({ code: "custom", message: `"${text}" is not ${BIND_ADDRESS_RULE}` });
  return address ?? "";
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/ : the general endpoint gets a path, that of the traces is used as it is */
function tracesOf(data: z.infer<typeof environment>): WorkerConfig["traces"] {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own } = data;
  const url = own ?? (base === undefined ? undefined : `${base.replace(/\/$/, "")}/v1/traces`);
  if (url === undefined || data.OTEL_SDK_DISABLED === "true") return null;
  return { url, content: data.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT === "true" };
}

function storeDirectory(store: string | undefined, home: string): string {
  if (store === undefined) return path.join(home, "store");
  if (!store.startsWith("file:///")) throw new Error(`RLM_STORE is "${store}"; this version stores blobs on disk only: use file:///an/absolute/directory.`);
  return decodeURIComponent(new URL(store).pathname);
}

/** An empty variable means "not set", as in most shells' scripts. */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""));
}
