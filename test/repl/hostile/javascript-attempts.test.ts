import { mkdtempSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHostile } from "./hostile-session.js";
import { BUDGET } from "../sandbox-fixture.js";

const SECRET = "the host's secret";
const program = readFileSync(new URL("../fixtures/hostile-child.js", import.meta.url), "utf8");
/** The names are the program's own: an attempt that is added there is run here. */
const ATTEMPTS = [...program.matchAll(/^ {2}"([^"]+)": /gm)].map(([, name]) => name ?? "");

describe.each(["off", "require"] as const)("a sandbox whose program itself is hostile, with bubblewrap %s", (bubblewrap) => {
  let directory: string;
  let server: Server;
  let requests = 0;

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), "rlm-hostile-")));
    writeFileSync(join(directory, "secret"), SECRET);
    mkdirSync(join(directory, "sessions/other/inputs"), { recursive: true });
    writeFileSync(join(directory, "sessions/other/inputs/input"), SECRET);
    process.env["RLM_TEST_SECRET"] = SECRET;
    server = createServer((_request, response) => void (requests++, response.end(SECRET)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    delete process.env["RLM_TEST_SECRET"];
    server.close();
    rmSync(directory, { recursive: true });
  });

  it.each(ATTEMPTS)("does not get by: %s", async (attempt) => {
    const before = readdirSync(directory).sort();
    await using session = await startHostile({ program, directory, bubblewrap });
    const code = JSON.stringify({ attempt, secret: join(directory, "secret"), port: (server.address() as AddressInfo).port, other: join(directory, "sessions/other/inputs/input") });
    const outcome = session.exec({ code, budget: BUDGET, journal: [], cellTimeoutMs: 20_000 }).then(() => "finished", (error: unknown) => String(error));
    const said = await outcome;
    expect(said).toMatch(/^SessionDiedError: .*(refused|got )/);
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain("RLM_TEST_SECRET");
    expect(requests).toBe(0);
    expect(readdirSync(directory).sort()).toEqual(before);
  });
});
