const FOLDER = "base-images/";

/** Name in the store of the digest of a sandbox build's base image. */
export function baseImageName(buildId: string): string {
  return `${FOLDER}${buildId}`;
}

export function isBaseImageName(name: string): boolean {
  return name.startsWith(FOLDER);
}
