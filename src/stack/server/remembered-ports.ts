import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { freePort } from "./free-port.js";

const Ports = z.object({ server: z.number().int().optional(), ui: z.number().int().optional(), dashboard: z.number().int().optional() });

/** The home's port for `use`: the same as last time while it is free, so that addresses people noted keep working. */
export async function rememberedPort(file: string, use: keyof z.infer<typeof Ports>): Promise<number> {
  const ports = readPorts(file);
  const port = await freePort(ports[use]);
  if (port !== ports[use]) writeFileSync(file, `${JSON.stringify({ ...ports, [use]: port })}\n`, { mode: 0o600 });
  return port;
}

function readPorts(file: string): z.infer<typeof Ports> {
  try {
    return Ports.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}
