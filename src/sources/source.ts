import type { SourceOrigin } from "../core/run-spec.js";

/** One of many files; opened when its turn comes. */
export interface SourceFile {
  /** Seen from the directory, or from the part of a glob before its first wildcard; with "/". */
  readonly name: string;
  readonly path: string;
}

/** Where an address leads, before anything is read. */
export type Located =
  | { readonly kind: "file"; readonly path: string }
  /** A directory or a glob, sorted by name. */
  | { readonly kind: "files"; readonly files: readonly SourceFile[] }
  | { readonly kind: "http"; readonly url: string };

/** Data as it comes; read once, in bounded memory. */
export interface OpenedSource {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Of what came over the network. */
  readonly origin?: SourceOrigin;
}
