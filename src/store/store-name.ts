const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,200}$/;

/** Names are paths on disk and keys in a bucket: plain segments only, so that no name escapes the store. */
export function assertStoreName(name: string): void {
  const bad = name.split("/").find((segment) => !SEGMENT.test(segment));
  if (bad !== undefined) throw new TypeError(`Store name "${name.slice(0, 200)}" has the segment "${bad.slice(0, 80)}"; a segment is 1 to 200 of A-Z a-z 0-9 . _ -`);
}
