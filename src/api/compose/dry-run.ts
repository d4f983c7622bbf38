import type { VariableDescription } from "../../core/cell.js";
import { findModelSettings, type ModelPrice } from "../../core/model-settings.js";
import type { RunLimits } from "../../core/run-limits.js";
import { isDirect, type RunSpec } from "../../core/run-spec.js";
import { computeWorstCase, type WorstCase } from "../../core/worst-case.js";
import { packFor } from "../../prompts/pack-for.js";
import { renderConversation } from "../../prompts/render-conversation.js";
import { renderDirectInputs, renderDirectSystemMessage } from "../../prompts/render-direct-messages.js";
import { renderExtractMessages } from "../../prompts/render-extract-messages.js";
import { renderSubCallMessages } from "../../prompts/render-sub-call-messages.js";
import { rootPack, systemMessageOf } from "../../prompts/root-prompts.js";
import type { PackageSet } from "../../repl/packages/package-set.js";
import { createSandboxFactory } from "../../repl/sandbox-factory.js";
import { sessionConfig } from "../../repl/session-config.js";
import { sessionInputs } from "../../repl/session-inputs.js";
import { ensureBaseImage } from "../../runner/base-image.js";
import { loadSnapshotChain } from "../../runner/snapshot-chain.js";
import type { BlobStore } from "../../store/blob-store.js";

interface DryRunModel {
  readonly name: string;
  /** As the server knows it. */
  readonly model: string;
  /** `null`: the default server. */
  readonly baseURL: string | null;
  readonly wire: "chat" | "responses";
  readonly contextTokens: number | null;
  readonly price: ModelPrice | null;
}

/** What a run would begin with. Field names are stable: `rlm run --dry-run --json` prints it. */
export interface DryRun {
  readonly dryRun: true;
  readonly models: { readonly root: DryRunModel; readonly sub: DryRunModel; readonly allowed: readonly string[] };
  readonly limits: RunLimits;
  readonly inputs: readonly VariableDescription[];
  readonly prompts: {
    readonly pack: string;
    /** The messages of the first root call, to the byte. */
    readonly firstCall: readonly { readonly role: string; readonly content: string }[];
    /** What stands before the prompt of a sub-call; empty where there are none. */
    readonly subCall: string;
    /** What is asked when a limit is reached. */
    readonly extract: string;
  };
  readonly worstCase: WorstCase;
}

/** What the sandboxes of this machine start from. A dry run that is the first to need it makes it for the runs that follow; nothing in it is of any run. */
export interface SandboxOrigin {
  readonly workDir: string;
  /** Holds the base image. */
  readonly images: BlobStore;
  readonly packages: PackageSet;
}

/**
 * Everything a run would begin with, without beginning it: no server, no stack, no worker, no model call, no key. Only a sandbox is opened, for a
 * moment, because only Python can say what the inputs look like in Python.
 *
 * @param store of the inputs.
 */
export async function dryRun(spec: RunSpec, store: BlobStore, origin: SandboxOrigin): Promise<DryRun> {
  const inputs = isDirect(spec) ? [] : await describeInputs(spec, store, origin);
  const { models, limits } = spec;
  const { version, opening } = rootPack(spec);
  const [extract] = renderExtractMessages({ signature: spec.signature, conversation: [], pack: rootPack(spec) });
  const [subCall] = renderSubCallMessages("", packFor(describeModel(models, models.sub).model));
  return {
    dryRun: true,
    models: { root: describeModel(models, models.root), sub: describeModel(models, models.sub), allowed: models.allowed },
    limits,
    inputs,
    prompts: {
      pack: version,
      firstCall: isDirect(spec)
        ? renderConversation({ system: renderDirectSystemMessage({ ...spec, tools: spec.tools ?? [] }), opening: renderDirectInputs(await readTexts(spec, store)), turns: [], steers: [] })
        : renderConversation({ system: systemMessageOf(spec, inputs), opening, turns: [], steers: [] }),
      subCall: isDirect(spec) ? "" : (subCall?.content ?? ""),
      extract: extract?.content ?? "",
    },
    worstCase: computeWorstCase(spec),
  };
}

function readTexts({ inputs }: RunSpec, store: BlobStore): Promise<{ readonly name: string; readonly text: string }[]> {
  return Promise.all(inputs.map(async ({ name, ref }) => ({ name, text: Buffer.from(await store.get(ref.digest)).toString("utf8") })));
}

async function describeInputs(spec: RunSpec, store: BlobStore, { workDir, images, packages }: SandboxOrigin): Promise<readonly VariableDescription[]> {
  const factory = await createSandboxFactory({ workDir, packages, memoryLimitBytes: spec.limits.memoryLimitBytes });
  const { parts } = await loadSnapshotChain(images, factory.buildId, await ensureBaseImage(images, factory));
  await using session = await factory.restore({ parts, inputs: [] });
  return (await session.start({ config: sessionConfig(spec, "dry run"), inputs: await sessionInputs(store, spec.inputs) })).variables;
}

function describeModel({ settings }: RunSpec["models"], name: string): DryRunModel {
  const { model = name, baseURL = null, wire = "chat", contextTokens = null, price = null } = findModelSettings(settings, name);
  return { name, model, baseURL, wire, contextTokens, price };
}
