import { chmod, stat } from "node:fs/promises";
import { request, type IncomingHttpHeaders } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadTokens, mintSession, roleOfSession, SESSION_MS } from "../../src/dashboard/security/tokens.js";
import { startDashboard, type Dashboard } from "../../src/dashboard/start-dashboard.js";
import { tempDir } from "../helpers/temp-dir.js";
import { fakeSource } from "./fake-source.js";
import { serve, TOKENS } from "./served.js";

let dashboard: Dashboard;
beforeAll(async () => { dashboard = await serve(fakeSource()); });
afterAll(() => dashboard.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Raw HTTP: a browser would not send what attackers do. */
function ask(method: string, path_: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: dashboard.port, method, path: path_, headers: { host: `127.0.0.1:${dashboard.port}`, ...headers } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => { text += part; }).on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const own = () => ({ origin: dashboard.url, "content-type": "application/json" });
const cookieOf = async (token: string): Promise<string> => {
  const { status, headers } = await ask("POST", "/api/session", own(), JSON.stringify({ token }));
  expect(status).toBe(200);
  return headers["set-cookie"]?.[0]?.split(";", 1)[0] ?? "";
};
const PAUSE = JSON.stringify({ action: "pause" });

it.each(["/", "/page/main.js", "/api/me", "/api/runs", "/runs/x", "/nothing"])("answers %s under its own names only, so that another site's name that points here reads nothing", async (place) => {
  const cookie = await cookieOf(TOKENS.operator);
  for (const host of ["evil.example", `evil.example:${dashboard.port}`, "127.0.0.1", `127.0.0.1:${dashboard.port + 1}`, `127.0.0.1.nip.io:${dashboard.port}`]) {
    const { status, body } = await ask("GET", place, { host, cookie });
    expect([host, status]).toEqual([host, 421]);
    expect(body).not.toMatch(/<html|nightly|export/);
  }
  expect((await ask("GET", place, { host: `localhost:${dashboard.port}`, cookie })).status).not.toBe(421);
});

it("takes no write that another page sent, and none that does not say where it comes from", async () => {
  const cookie = await cookieOf(TOKENS.operator);
  const json = { "content-type": "application/json", cookie };
  const act = async (headers: Record<string, string>) => (await ask("POST", "/api/runs/a/actions", headers, PAUSE)).status;
  expect(await act({ ...json, origin: "http://evil.example" })).toBe(403);
  expect(await act({ ...json, origin: "null" })).toBe(403);
  expect(await act({ ...json, origin: `http://127.0.0.1:${dashboard.port + 1}` })).toBe(403);
  expect(await act({ ...json, origin: dashboard.url, "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await act({ ...json, "sec-fetch-site": "same-site" })).toBe(403);
  expect(await act(json)).toBe(403);
  expect(await act({ cookie, origin: dashboard.url, "content-type": "text/plain" })).toBe(415);
  expect(await act({ ...json, origin: dashboard.url })).toBe(200);
  expect(await act({ ...json, "sec-fetch-site": "same-origin" })).toBe(200);
  expect((await ask("GET", "/api/runs", { cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await ask("OPTIONS", "/api/runs", { origin: "http://evil.example", "access-control-request-method": "POST" })).headers["access-control-allow-origin"]).toBeUndefined();
});

it("tells nothing to who has no session, a wrong token, a forged cookie or one that is over", async () => {
  const name = (await cookieOf(TOKENS.operator)).split("=", 1)[0] ?? "";
  const over = mintSession(TOKENS, "operator", Date.now() - SESSION_MS - 1);
  const others = mintSession({ operator: "x".repeat(40), viewer: "y".repeat(40) }, "operator", Date.now());
  const promoted = mintSession(TOKENS, "viewer", Date.now()).replace("viewer", "operator");
  for (const cookie of ["", `${name}=${TOKENS.operator}`, `${name}=${over}`, `${name}=${others}`, `${name}=${promoted}`, `${name}=operator.9999999999999.`, `${name}=operator.NaN.x`]) {
    for (const place of ["/api/me", "/api/runs", "/api/runs/a/turns", "/api/live/runs", "/api/live/runs/a", "/api/costs", "/api/schedules", "/api/batches", "/api/failures"]) expect([cookie, place, (await ask("GET", place, { cookie })).status]).toEqual([cookie, place, 401]);
  }
  expect((await ask("POST", "/api/session", own(), JSON.stringify({ token: "wrong" }))).status).toBe(401);
  expect(roleOfSession(TOKENS, mintSession(TOKENS, "viewer", 1000), 1001)).toBe("viewer");
});

it("gives a cookie that scripts and other sites cannot use, and the viewer's link may act on nothing", async () => {
  const { headers } = await ask("POST", "/api/session", own(), JSON.stringify({ token: TOKENS.viewer }));
  expect(headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Strict$/);
  expect(headers["set-cookie"]?.[0]).not.toContain(TOKENS.viewer);
  const cookie = await cookieOf(TOKENS.viewer);
  expect(JSON.parse((await ask("GET", "/api/me", { cookie })).body)).toMatchObject({ role: "viewer" });
  for (const [place, body] of [["/api/runs/a/actions", PAUSE], ["/api/runs", "{}"], ["/api/schedules/a/actions", PAUSE], ["/api/batches/a/actions", "{}"]]) {
    expect([place, (await ask("POST", place ?? "", { ...own(), cookie }, body)).status]).toEqual([place, 403]);
  }
});

it("sends the page with rules that run no inline script, and nothing that lies beside the page's files", async () => {
  const { headers, body } = await ask("GET", "/");
  expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(headers["content-security-policy"]).not.toMatch(/unsafe|data:|\*/);
  expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer" });
  expect(body).not.toMatch(/<script(?![^>]*src=)|style=|\son\w+=/);
  for (const place of ["/page/../wire.ts", "/page/..%2f..%2fwire.ts", "/page/%2e%2e/app.ts", "/page//etc/passwd", "/page/tsconfig.json", "/page/", "/page/lib/%00"]) {
    const { status, body: text } = await ask("GET", place);
    expect([place, status === 404 || text === body]).toEqual([place, true]);
  }
  expect((await ask("GET", "/page/main.js")).headers["content-type"]).toBe("text/javascript; charset=utf-8");
});

it("refuses bodies that are too large or make no sense, with a reason", async () => {
  const cookie = await cookieOf(TOKENS.operator);
  const post = (place: string, body: string) => ask("POST", place, { ...own(), cookie }, body);
  expect(await post("/api/runs/a/actions", JSON.stringify({ action: "steer", text: "x".repeat(3 * 2 ** 20) }))).toMatchObject({ status: 413 });
  expect(await post("/api/session", JSON.stringify({ token: "x".repeat(10_000) }))).toMatchObject({ status: 413 });
  expect(await post("/api/runs/a/actions", "{")).toMatchObject({ status: 400, body: expect.stringContaining("not JSON") as string });
  expect(await post("/api/runs/a/actions", JSON.stringify({ action: "explode" }))).toMatchObject({ status: 400 });
  expect(await post("/api/runs", JSON.stringify({ signature: "a -> b", inputs: [{ name: "a", text: "", json: false, path: "/etc/passwd" }], limits: {} }))).toMatchObject({ status: 400, body: expect.stringContaining("path") as string });
  expect(await ask("DELETE", "/api/runs", { ...own(), cookie })).toMatchObject({ status: 404 });
});

it("listens beyond this machine only with leave, and trusts only a token file that nobody else can read", async () => {
  const options = { source: fakeSource(), tokens: TOKENS, port: 0, who: "x", log: () => undefined, pageDirectory: "", info: { version: "", models: { root: null, sub: null } } };
  await expect(startDashboard({ ...options, host: "0.0.0.0" })).rejects.toThrow("--allow-remote");
  const file = path.join(await tempDir(), "tokens.json");
  const made = await loadTokens(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await loadTokens(file)).toEqual(made);
  expect(made.operator).not.toBe(made.viewer);
  await chmod(file, 0o644);
  await expect(loadTokens(file)).rejects.toThrow("can be read by others (mode 644)");
});
