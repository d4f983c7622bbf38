import type { RlmCallRequest } from "../core/cell.js";
import type { ChildCall, PrepareChildArgs, PrepareChildResult } from "../core/child-wire.js";
import type { RunInputDescriptor, RunSpec } from "../core/run-spec.js";
import type { RunLimits } from "../core/run-limits.js";
import type { Signature } from "../core/signature.js";
import { childRunUid, childWorkflowId } from "../journal/child-key.js";
import { readPackCall, readPackHeader } from "../journal/pack.js";
import { getRecord, putRecord } from "../journal/records.js";
import { formatSignature } from "../signature/format-signature.js";
import { isObjectNode, parseJsonTree, stringifyJsonTree } from "../signature/json-tree.js";
import type { BlobStore } from "../store/blob-store.js";
import { findSettledChild, type ChildDeps } from "./settle-child.js";

/**
 * Everything that a child run needs to start: its spec, with the given variables as inputs. A call that was answered before is not prepared again. The same
 * call gives the same child, whenever it is tried.
 */
export async function prepareChild(deps: ChildDeps, args: PrepareChildArgs): Promise<PrepareChildResult> {
  const { store } = deps;
  const { key, body, settled } = await readChildCall(deps, args);
  if (settled !== null) return { settled };
  const { task, outputs, variables } = JSON.parse(body) as RlmCallRequest;
  const inputs = await putVariables(store, variables);
  const signature: Signature = { inputs: inputs.map(({ name }) => ({ name, type: { kind: "any" } })), outputs: outputs.fields, instructions: task };
  const specRef = await putRecord(store, childSpec(await getRecord<RunSpec>(store, args.specRef), signature, inputs, args.limits));
  const workflowId = childWorkflowId(args.run.workflowId, args.turn, args.index, key);
  return { settled: null, child: { workflowId, runUid: childRunUid(key), specRef, signature: formatSignature(signature).slice(0, 120) } };
}

/** The call in its pack, and what it was settled with before. */
async function readChildCall(deps: ChildDeps, { run, pack, index }: ChildCall) {
  const header = await readPackHeader(deps.store, pack);
  const { key, body } = await readPackCall(deps.store, pack, header, index);
  return { key, body, settled: await findSettledChild(deps, { runUid: run.runUid, turn: header.turn, seq: header.seq }, key) };
}

/** The child's interpreter is a copy of the parent's: it refers to the bytes of all inputs that those above it had. */
function childSpec({ forkedFrom: _forkedFrom, ...parent }: RunSpec, signature: Signature, inputs: readonly RunInputDescriptor[], limits: RunLimits): RunSpec {
  return { ...parent, signature, inputs, inherited: [...parent.inputs, ...(parent.inherited ?? [])], limits };
}

/** Each variable as a blob of its own, as an input is: texts as they are, all else as JSON with exact integers. */
async function putVariables(store: BlobStore, json: string): Promise<readonly RunInputDescriptor[]> {
  const tree = parseJsonTree(json);
  if (!isObjectNode(tree)) throw new Error("The variables of a child run are one JSON object.");
  return Promise.all(
    Object.entries(tree).map(async ([name, value]): Promise<RunInputDescriptor> => {
      const [kind, text] = typeof value === "string" ? (["text", value] as const) : (["json", stringifyJsonTree(value)] as const);
      return { name, kind, ref: await store.put(Buffer.from(text, "utf8")) };
    }),
  );
}
