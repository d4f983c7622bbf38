/** Why the first service fails; the values of the demo's output `cause`. */
export const CAUSES = [
  "disk_full", "expired_certificate", "connection_pool_exhausted", "memory_leak", "bad_config_rollout", "dns_failure", "clock_skew",
] as const;

export type Cause = (typeof CAUSES)[number];
