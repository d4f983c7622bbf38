/** Memo of the workflow: read by `--id` (same spec?) and `ls`. */
export interface RunMemo {
  readonly specDigest: string;
  /** The signature's text, shortened. */
  readonly signature: string;
  /** Workflow id of the run that this one is a child of. */
  readonly parent?: string;
  /** Workflow id of the run at the top of the tree; of child runs only. */
  readonly rootRun?: string;
  /** Name that the user gave to runs of one kind (`--job`). */
  readonly job?: string;
  /** Id of the batch that the run is a row of. */
  readonly batch?: string;
  /** Root model. */
  readonly model?: string;
}
