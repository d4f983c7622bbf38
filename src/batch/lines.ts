/** Lines of UTF-8, without their `\n` and a `\r` before it. Node's own reader would also split at U+2028, which JSON texts may hold. `ended`: false for a last line without `\n`. */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ readonly text: string; readonly bytes: number; readonly ended: boolean }> {
  let rest: Buffer[] = [];
  const line = (parts: readonly Buffer[], ended: boolean) => {
    const all = Buffer.concat(parts);
    return { text: all.toString("utf8").replace(/\r$/, ""), bytes: all.byteLength + (ended ? 1 : 0), ended };
  };
  for await (const chunk of chunks) {
    let from = 0;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, from)) {
      yield line([...rest, bytes.subarray(from, end)], true);
      rest = [];
      from = end + 1;
    }
    if (from < bytes.byteLength) rest.push(Buffer.from(bytes.subarray(from)));
  }
  if (rest.length > 0) yield line(rest, false);
}
