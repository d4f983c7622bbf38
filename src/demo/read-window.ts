import { CAUSES, type Cause } from "./causes.js";
import type { WindowPrompt } from "./sub-prompt.js";

export interface WindowVerdict {
  readonly verdict: "own_failure" | "recovered" | "upstream" | "harmless";
  readonly cause: Cause | null;
  /** Number of the line that shows it first, from 1. */
  readonly line: number | null;
}

/** Turns of phrase that end or deny trouble, and the words by which a kind of trouble can be known. */
const RECOVERED = /back to normal|cleared by itself|\b(working|healthy|stable) again|caught up|false alarm|went through|pressure is gone|no impact|usual level|fixed itself|nothing waits|resumed/;
const CALM = /as (planned|usual|announced|expected)|nothing to do|no differences|by the operator|by hand|on schedule|within limits|verified|unused|next month|all good|green|vacuumed|nothing open/;
const SIGNS: Readonly<Record<Cause, RegExp>> = {
  disk_full: /volume|\bdf says|\bdisk|no (space|room)|enospc|filesystem|inodes|bytes landed/i,
  expired_certificate: /handshake|notafter|\btls\b|x509|certificate|\bpem\b|secure listener/i,
  connection_pool_exhausted: /checked out|\bpool\b|getconnection|queue for a connection|free slot|session limit|connections open/i,
  memory_leak: /\bheap\b|resident size|\bcollector\b|garbage|using too much|object count|cgroup|allocation|live set/i,
  bad_config_rollout: /revision|\bsettings?\b|\bflag\b|rollout|last push|parsed as/i,
  dns_failure: /lookup|resolver|nxdomain|resolv\.conf|getaddrinfo|name servers|by name|hostname|the name of/i,
  clock_skew: /from the future|\bntp\b|wall time|timestamps|too old|\bdrift\b|tomorrow|time of the host/i,
};

/**
 * The scripted sub-model's reading of a window: by its wording alone, line by line. It knows nothing of the log generator's seed or plan; a
 * real model needs none of these word lists.
 */
export function readWindow({ otherServices, lines }: WindowPrompt): WindowVerdict {
  let open: { cause: Cause; line: number } | null = null;
  let recovered: number | null = null;
  let upstream: number | null = null;
  for (const [index, text] of lines.entries()) {
    const message = messageOf(text);
    const line = index + 1;
    if (CALM.test(message)) continue;
    if (RECOVERED.test(message)) {
      if (open !== null) recovered = line;
      open = null;
    } else if (otherServices.some((name) => new RegExp(`\\b${name}\\b`).test(message))) {
      upstream ??= line;
    } else {
      const cause = CAUSES.find((one) => SIGNS[one].test(message));
      if (cause !== undefined) open ??= { cause, line };
    }
  }
  if (open !== null) return { verdict: "own_failure", ...open };
  if (upstream !== null) return { verdict: "upstream", cause: null, line: upstream };
  return recovered === null ? { verdict: "harmless", cause: null, line: null } : { verdict: "recovered", cause: null, line: recovered };
}

/** Without time, level, service and request id. */
function messageOf(line: string): string {
  return line.replace(/^\S+ [A-Z]+ \S+ req=\S+ /, "");
}
