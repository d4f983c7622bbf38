import { open } from "node:fs/promises";

/** A slice of a file; shorter where the file ends. */
export async function readSlice(file: string, offset: number, length: number): Promise<Uint8Array> {
  await using handle = await open(file, "r");
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
