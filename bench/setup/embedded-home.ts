import path from "node:path";
import { Client, Connection } from "@temporalio/client";
import { readHistory, type RunHistory } from "../run-history.js";
import type { Cleanup } from "./cleanup.js";
import type { Cluster } from "./cluster.js";
import { ROOT_MODEL, SUB_MODEL } from "./model-process.js";
import { rlm, type CommandResult } from "./rlm-command.js";
import { tempDirectory } from "./temp-directory.js";

export interface StackView {
  readonly address: string;
  readonly namespace: string;
  readonly pids: { readonly stack: number | null; readonly server: number | null; readonly worker: number | null };
}

/** A home for the command line with an embedded stack of its own, on the bench's model server. Nothing runs in it until a command is given. */
export class EmbeddedHome {
  readonly #env: NodeJS.ProcessEnv;
  readonly #remove: () => Promise<void>;
  readonly #down: () => Promise<void>;

  constructor({ cli, model }: Cluster, private readonly cleanup: Cleanup) {
    const { directory, remove } = tempDirectory(cleanup);
    const { PATH } = process.env;
    this.#env = {
      PATH, HOME: directory, RLM_HOME: path.join(directory, "home"), RLM_TEMPORAL_CLI: cli,
      OPENAI_BASE_URL: model.url, RLM_MODEL: ROOT_MODEL, RLM_SUB_MODEL: SUB_MODEL,
    };
    this.#remove = remove;
    this.#down = cleanup.add(async () => void (await rlm(this.#env, ["down"], null)));
  }

  rlm(...args: readonly string[]): Promise<CommandResult> {
    return rlm(this.#env, args, this.cleanup);
  }

  async status(): Promise<StackView> {
    return JSON.parse((await this.rlm("status", "--json")).stdout) as StackView;
  }

  async history(workflowId: string): Promise<RunHistory> {
    const { address, namespace } = await this.status();
    const connection = await Connection.connect({ address });
    try {
      return await readHistory(new Client({ connection, namespace }), workflowId);
    } finally {
      await connection.close();
    }
  }

  /** Stops the stack and removes the directory. */
  async end(): Promise<void> {
    await this.#down();
    await this.#remove();
  }
}
