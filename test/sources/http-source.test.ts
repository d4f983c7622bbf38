import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";
import { parseInputArgument } from "../../src/client/inputs/input-source.js";
import { prepareInputs } from "../../src/client/inputs/prepare-inputs.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { openSource } from "../../src/sources/open-source.js";
import { Redaction } from "../../src/sources/redaction.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function read(url: string, limits = {}): Promise<string> {
  const { chunks } = await openSource({ kind: "http", url }, false, limits);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString("utf8");
}

it("stores what an address gives, and keeps its ETag and the address without password and query", async () => {
  const seen: (string | undefined)[] = [];
  const host = await serve(({ url, headers }, response) => {
    seen.push(headers.authorization);
    if (url === "/old?key=k") response.writeHead(302, { location: "/new.log.gz?key=k" }).end();
    else response.writeHead(200, { etag: "\"v1\"" }).end(gzipSync("log lines"));
  });
  const store = new MemoryBlobStore();
  const { inputs: [input] } = await prepareInputs({ store, signature: parseSignature("logs -> a"), given: [parseInputArgument(`logs=@http://me:pass@${host}/new.log.gz?key=k`)], redaction: Redaction.of([]) });
  expect(input).toMatchObject({ kind: "text", origin: { url: `http://${host}/new.log.gz?…`, etag: "\"v1\"" } });
  expect(Buffer.from(await store.get(input?.ref.digest ?? "")).toString()).toBe("log lines");
  expect((await read(`http://${host}/old?key=k`)).length).toBeGreaterThan(0);
  expect(seen[0]).toBe(`Basic ${Buffer.from("me:pass").toString("base64")}`);
});

it("opens no .gz twice that was packed for the way", async () => {
  const host = await serve((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("open")));
  expect(await read(`http://${host}/a.gz`)).toBe("open");
});

it("sends the password to its own host only, and follows five redirects at most", async () => {
  let leaked: string | undefined = "not asked";
  const other = await serve(({ headers }, response) => {
    leaked = headers.authorization;
    response.end("there");
  });
  const host = await serve(({ url = "" }, response) => {
    const left = Number(url.slice(1));
    response.writeHead(307, { location: left > 1 ? `/${left - 1}` : `http://${other}/` }).end();
  });
  expect(await read(`http://me:pass@${host}/5`)).toBe("there");
  expect(leaked).toBeUndefined();
  await expect(read(`http://me:pass@${host}/6`)).rejects.toThrow(/^http:\/\/127[^@]*redirects more than 5 times/);
});

it("stops at the limit of bytes, announced or not, packed or not", async () => {
  const host = await serve(({ url }, response) => {
    if (url === "/announced") response.writeHead(200, { "content-length": 2000 }).end(Buffer.alloc(2000));
    else if (url === "/bomb.gz") response.end(gzipSync(Buffer.alloc(1_000_000)));
    else {
      response.write(Buffer.alloc(600));
      response.end(Buffer.alloc(600));
    }
  });
  for (const what of ["announced", "streamed", "bomb.gz"]) await expect(read(`http://${host}/${what}`, { maxBytes: what === "bomb.gz" ? 5000 : 1000 })).rejects.toThrow(/has more than \d+ bytes\. Download it/);
});

it("tells of a refusal, of silence, of an answer that is cut off, and of nobody there", async () => {
  const host = await serve(({ url }, response) => {
    if (url === "/cut") {
      response.writeHead(200, { "content-length": 100 }).write("part");
      setImmediate(() => response.destroy());
    } else if (url === "/silent") response.write("part");
    else response.writeHead(url === "/secret" ? 401 : 404).end();
  });
  await expect(read(`http://${host}/none`)).rejects.toThrow("answers 404. Check the address");
  await expect(read(`http://${host}/secret`)).rejects.toThrow("wants a password");
  await expect(read(`http://${host}/silent`, { timeoutMs: 200 })).rejects.toThrow("no answer, or no more of it, for 0.2 s");
  await expect(read(`http://${host}/cut`)).rejects.toThrow("cannot be read");
  const [server] = servers.splice(0);
  await new Promise((resolve) => server?.close(resolve));
  await expect(read(`http://${host}/gone`, { retryPausesMs: [1] })).rejects.toThrow("ECONNREFUSED");
});

it("tries again a few times where the server cannot answer now, and at once no more where it refuses", async () => {
  let asked = 0;
  const host = await serve(({ url }, response) => {
    asked += 1;
    if (url === "/never" || asked < 3) response.writeHead(url === "/refused" ? 403 : 503, { "retry-after": "0" }).end();
    else response.end("at last");
  });
  expect(await read(`http://${host}/late`, { retryPausesMs: [1, 1] })).toBe("at last");
  expect(asked).toBe(3);
  asked = 0;
  await expect(read(`http://${host}/never`, { retryPausesMs: [1, 1] })).rejects.toMatchObject({ kind: "unreachable", message: expect.stringContaining("answers 503, at each try") });
  expect(asked).toBe(3);
  asked = 0;
  await expect(read(`http://${host}/refused`, { retryPausesMs: [1, 1] })).rejects.toMatchObject({ kind: "invalid" });
  expect(asked).toBe(1);
});
