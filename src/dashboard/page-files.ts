import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Hono } from "hono";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
};

interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

/**
 * The page's own files, read once: what is not in the folder cannot be asked for, whatever the path. They hold nothing secret, so that they need no
 * session. Every other address is a place in the page: `/runs/ID` and the like.
 */
export async function pageFiles(directory: string): Promise<Hono> {
  const files = new Map<string, PageFile>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const type = TYPES[path.extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = new Uint8Array(await readFile(file));
    files.set(path.relative(directory, file).split(path.sep).join("/"), { bytes, type, etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 20)}"` });
  }
  const index = files.get("index.html");
  if (index === undefined) throw new Error(`The dashboard's page is not in ${directory}. Install the package again.`);
  return new Hono().get("*", (c) => {
    const wanted = c.req.path.startsWith("/page/") ? files.get(c.req.path.slice("/page/".length)) : index;
    if (wanted === undefined) return c.text("There is no such file.", 404);
    const headers = { "content-type": wanted.type, etag: wanted.etag, "cache-control": "no-cache" };
    return c.req.header("if-none-match") === wanted.etag ? c.body(null, 304, headers) : c.body(wanted.bytes, 200, headers);
  });
}
