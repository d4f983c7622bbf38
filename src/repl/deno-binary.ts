import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SandboxUnavailableError } from "./session.js";

/** What decides which binary fits; `libc` is `null` outside Linux. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly libc: "glibc" | "musl" | null;
}

/** npm package of the `deno` package's binary. @throws {SandboxUnavailableError} there is none for this platform. */
export function denoPackageName({ os, architecture, libc }: Platform): string {
  if (libc === "musl") throw new SandboxUnavailableError("This is a musl system (Alpine or the like), and Deno has no binary for musl. Use an image with glibc, e.g. node:24-slim.");
  if (os !== "linux" && os !== "darwin") throw new SandboxUnavailableError(`The sandbox does not run on ${os}. Use Linux, macOS, or WSL on Windows.`);
  if (architecture !== "x64" && architecture !== "arm64") throw new SandboxUnavailableError(`Deno has no binary for ${os} on ${architecture}. Use x64 or arm64.`);
  return `@deno/${os}-${architecture}${libc === null ? "" : `-${libc}`}`;
}

/** Path of the binary that npm installed; its package's postinstall script need not have run. @throws {SandboxUnavailableError} */
export function resolveDenoBinary(): string {
  const name = denoPackageName(currentPlatform());
  const own = createRequire(import.meta.url);
  try {
    // Resolved from the `deno` package, whose dependency it is: works with nested installs too.
    const binary = join(dirname(createRequire(own.resolve("deno/package.json")).resolve(`${name}/package.json`)), "deno");
    if (existsSync(binary)) return realpathSync(binary);
  } catch (cause) {
    throw new SandboxUnavailableError(`The package ${name}, which carries Deno, is not installed. Run "npm ci" without --omit=optional.`, { cause });
  }
  throw new SandboxUnavailableError(`The package ${name} lacks its binary. Run "npm ci" again.`);
}

function currentPlatform(): Platform {
  return { os: process.platform, architecture: process.arch, libc: process.platform === "linux" ? linuxLibc() : null };
}

function linuxLibc(): "glibc" | "musl" {
  const report = process.report.getReport() as unknown as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined ? "musl" : "glibc";
}
