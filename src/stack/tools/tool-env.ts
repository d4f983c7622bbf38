import { KEY_VARIABLES } from "../credentials.js";

/** What tools find in their environment: everything of the command that named them, but the keys of the models, and the address of metrics, which is the worker's. */
export function toolEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  const withheld = new Set(["OPENAI_API_KEY", "RLM_METRICS", ...(env[KEY_VARIABLES] ?? "").split(",")]);
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !withheld.has(entry[0])));
}

/** Variables that differ from terminal to terminal and mean nothing to a tool. */
const OF_A_TERMINAL = /^(_|OLDPWD|PWD|SHLVL|COLUMNS|LINES|TERM.*|SSH_.*|WINDOWID|TMUX.*|STY|npm_.*)$/;

export function areSameForTools(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const text = (env: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(env).filter(([name]) => !OF_A_TERMINAL.test(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}
