import type { RunInput } from "../core/wire.js";
import type { RunClient } from "./run-client.js";

/** The field `alerts` of what is started; left out where nobody is to be told. */
export function alertsOf({ alerts = [] }: RunClient): Pick<RunInput, "alerts"> {
  return alerts.length === 0 ? {} : { alerts };
}
