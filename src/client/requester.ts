import { hostname, userInfo } from "node:os";
import type { ControlRequest } from "../core/control-wire.js";

/** Who asks, as the history keeps it: `user@host`. @param why as given by `--why` */
export function requester(why: string | undefined): ControlRequest {
  return { by: `${userName()}@${hostname()}`.slice(0, 200), why: why ?? null };
}

/** Containers run under user ids that have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
