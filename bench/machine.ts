import { cpus, loadavg, platform, arch, release, totalmem } from "node:os";

export interface Machine {
  readonly system: string;
  readonly node: string;
  readonly cpus: string;
  readonly memoryBytes: number;
  /** Load over the last minute; the bench itself is in it. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const all = cpus();
  return { system: `${platform()} ${arch()} ${release()}`, node: process.version, cpus: `${all.length} × ${all[0]?.model.trim() ?? "unknown"}`, memoryBytes: totalmem(), load: currentLoad() };
}

export function currentLoad(): number {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}
