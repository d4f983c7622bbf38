import { ResultsFile } from "./results-file.js";

/** A finished row as its line. */
export interface ResultLine {
  readonly id: string;
  /** Id of the row's run: an error of a later try is another error. */
  readonly workflowId: string;
  readonly ok: boolean;
  readonly text: string;
}

/** `results.jsonl` -> `results.errors.jsonl`. */
function errorsPath(out: string): string {
  return out.replace(/(\.jsonl?|\.ndjson)?$/, (ending) => `.errors${ending === "" ? ".jsonl" : ending}`);
}

/** The results of a batch, a line a row, each row once; errors in a file of their own, each failed run once. */
export class ResultsWriter implements AsyncDisposable {
  private constructor(private readonly results: ResultsFile, private readonly errors: ResultsFile) {}

  static async open(out: string): Promise<ResultsWriter> {
    return new ResultsWriter(await ResultsFile.open(out, (line) => member(line, "id")), await ResultsFile.open(errorsPath(out), (line) => member(line, "workflowId")));
  }

  has({ id, workflowId, ok }: Pick<ResultLine, "id" | "workflowId" | "ok">): boolean {
    return ok ? this.results.has(id) : this.errors.has(workflowId);
  }

  async write(lines: readonly ResultLine[]): Promise<void> {
    await this.results.append(lines.filter(({ ok }) => ok).map(({ id, text }) => ({ key: id, text })));
    await this.errors.append(lines.filter(({ ok }) => !ok).map(({ workflowId, text }) => ({ key: workflowId, text })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.results[Symbol.asyncDispose]();
    await this.errors[Symbol.asyncDispose]();
  }
}

function member(line: object, name: string): string | null {
  const value = (line as Record<string, unknown>)[name];
  return typeof value === "string" ? value : null;
}
