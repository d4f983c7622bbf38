/** What a blob is to the run that refers to it. `record`: something that this version does not know, read as if it held refs. */
export type BlobKind = "input" | "spec" | "plan" | "turn" | "pack" | "snapshot" | "variables" | "outputs" | "manifest" | "record";

const KIND_BY_ROLE: Readonly<Record<string, BlobKind>> = {
  input: "input",
  specRef: "spec",
  specDigest: "spec",
  planRef: "plan",
  trajectoryRef: "turn",
  pack: "pack",
  packHead: "pack",
  snapshotRef: "snapshot",
  beforeRef: "snapshot",
  chain: "snapshot",
  variablesRef: "variables",
  outputsRef: "outputs",
  manifestRef: "manifest",
};

/** @param holder kind of the record that refers to it; chains hang together by `prev` */
export function kindOfRole(role: string, holder: BlobKind): BlobKind {
  return role === "prev" ? holder : (KIND_BY_ROLE[role] ?? "record");
}

/** Bytes of the user's, in which a digest means nothing. */
export function isLeaf(kind: BlobKind): boolean {
  return kind === "input" || kind === "variables" || kind === "outputs";
}
