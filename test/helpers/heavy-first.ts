import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose files start servers, workers, browsers or sandboxes: a minute or two each, the others seconds. */
const HEAVY_FOLDERS = ["e2e", "cli", "client", "chaos", "conformance", "repl", "examples", "stack", "dashboard", "worker", "api"];

/** Starts the long files first, so that no core waits at the end for one that was begun late. */
export class HeavyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const folder = HEAVY_FOLDERS.findIndex((name) => moduleId.includes(`/test/${name}/`));
      return folder === -1 ? HEAVY_FOLDERS.length : folder;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
