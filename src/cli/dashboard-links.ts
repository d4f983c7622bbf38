import type { Tokens } from "../dashboard/security/tokens.js";

/** Links that open a dashboard with each role. They hold tokens: for the person's eyes, not for logs. */
export function dashboardLinks(url: string, tokens: Tokens): { readonly operator: string; readonly viewer: string } {
  return { operator: `${url}/#token=${tokens.operator}`, viewer: `${url}/#token=${tokens.viewer}` };
}
