/** Bytes of the parent's id that are kept in that of a child; ids have at most 100. */
const MAX_PARENT_BYTES = 56;

/** A child's workflow id: tells whose child it is, and is the same whenever the same call is tried. `index` counts from 0, as in the pack. */
export function childWorkflowId(parentWorkflowId: string, turn: number, index: number, callKey: string): string {
  let parent = "";
  for (const point of parentWorkflowId) {
    if (Buffer.byteLength(parent + point, "utf8") > MAX_PARENT_BYTES) break;
    parent += point;
  }
  return `${parent.trimEnd()}~${turn}.${index + 1}-${callKey.slice(0, 12)}`;
}

/** A child's `runUid`, a UUID as every run's is. Call keys are unique over all runs. */
export function childRunUid(callKey: string): string {
  return [0, 8, 12, 16, 20].map((at, i) => callKey.slice(at, [8, 12, 16, 20, 32][i])).join("-");
}
