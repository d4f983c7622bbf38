/** What the sandbox child uses of Deno; it needs no permission for any of it. */
export interface DenoRuntime {
  readonly args: readonly string[];
  /** Process id of the parent as it is now: it changes when the parent dies. */
  readonly ppid: number;
  exit(code: number): never;
  /** Throws where there is nothing. */
  statSync(path: string): unknown;
  readonly stdin: { readSync(buffer: Uint8Array): number | null };
  readonly stdout: { writeSync(bytes: Uint8Array): number };
}

export const deno = (globalThis as unknown as { Deno: DenoRuntime }).Deno;
