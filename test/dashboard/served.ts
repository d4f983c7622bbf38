import path from "node:path";
import { startDashboard, type Dashboard } from "../../src/dashboard/start-dashboard.js";
import type { DashboardSource } from "../../src/dashboard/source/source.js";
import type { Tokens } from "../../src/dashboard/security/tokens.js";
import { packageRoot } from "../../src/stack/package-files.js";

export const TOKENS: Tokens = { operator: "operator-token-of-the-tests-0123456789abcdef", viewer: "viewer-token-of-the-tests-0123456789abcdefgh" };

/** The dashboard over a source, with known tokens. */
export function serve(source: DashboardSource, port = 0): Promise<Dashboard> {
  return startDashboard({
    source, port, tokens: TOKENS, who: "ann@ops", log: (line) => process.stderr.write(`${line}\n`),
    pageDirectory: path.join(packageRoot(), "src", "dashboard", "page"),
    info: { version: "0.0.0", models: { root: "scripted-root", sub: "scripted-sub" } },
  });
}
