/** Memo of the workflow: read by `--id` (same spec?) and `ls`. */
export interface RunMemo {
  readonly specDigest: string;
  /** The signature's text, shortened. */
  readonly signature: string;
  /** Workflow id of the run that this one is a child of. */
  readonly parent?: string;
}
