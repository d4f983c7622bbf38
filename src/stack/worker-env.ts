import path from "node:path";
import type { Credentials } from "./credentials.js";

/** Environment of the embedded worker: that of the command which started the stack, tied to our server and these credentials. */
export function workerEnv(
  base: NodeJS.ProcessEnv, credentials: Credentials, stack: { home: string; address: string; namespace: string },
): NodeJS.ProcessEnv {
  const replaced = /^(TEMPORAL_|OPENAI_API_KEY$|OPENAI_BASE_URL$)/;
  return {
    ...Object.fromEntries(Object.entries(base).filter(([name]) => !replaced.test(name))),
    TEMPORAL_ADDRESS: stack.address,
    TEMPORAL_NAMESPACE: stack.namespace,
    // A profile in a person's own Temporal configuration (TLS, keys) is not for the embedded server.
    // The file must not exist: envconfig takes that for "no file", but fails on an empty one.
    TEMPORAL_CONFIG_FILE: path.join(stack.home, "no-temporal-config.toml"),
    RLM_HOME: stack.home,
    // Where the kernel does not do it (`tiedToOurDeath`), the worker itself watches for the end of the stack.
    RLM_EXIT_WITH_PARENT: "1",
    ...credentials.keys,
    ...(credentials.apiKey === null ? {} : { OPENAI_API_KEY: credentials.apiKey }),
    ...(credentials.baseUrl === null ? {} : { OPENAI_BASE_URL: credentials.baseUrl }),
  };
}
