/** The interpreter holds something that no snapshot can keep. The session must be rebuilt from its last snapshot; nothing was written. */
export class SnapshotRefusedError extends Error {
  override readonly name = "SnapshotRefusedError";
  readonly code: "js_proxy_alive" | "wasm_table_grew" | "foreign_descriptor" | "timers_pending";
  constructor(code: SnapshotRefusedError["code"], what: string, cure: string) {
    super(`The session cannot be snapshotted: ${what}. ${cure}`);
    this.code = code;
  }
}

/** The bytes are not a snapshot part, or the parts do not belong together. */
export class SnapshotFormatError extends Error {
  override readonly name = "SnapshotFormatError";
}

/** The part was made by another build of Pyodide, the child program or the prelude; its addresses mean nothing here. */
export class SnapshotBuildMismatchError extends Error {
  override readonly name = "SnapshotBuildMismatchError";
  readonly madeBy: string;
  readonly runningBuild: string;
  constructor(madeBy: string, runningBuild: string) {
    super(`The snapshot was made by sandbox build ${madeBy}; this worker runs ${runningBuild}. Start a worker of the matching version, or fork the run from turn 0.`);
    this.madeBy = madeBy;
    this.runningBuild = runningBuild;
  }
}
