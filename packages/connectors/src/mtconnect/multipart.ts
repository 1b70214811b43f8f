/** The parts of a `multipart/x-mixed-replace` body as an agent sends it, one text each. Throws when a part is larger than `maxBytes` or has no head. */
export async function* partsOf(chunks: AsyncIterable<Buffer>, boundary: string, maxBytes: number): AsyncGenerator<string> {
  const mark = Buffer.from(`--${boundary}`);
  let held: Buffer = Buffer.alloc(0);
  let begin = 0;
  let length: number | undefined;
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      if (length === undefined) {
        const at = held.indexOf(mark);
        const end = at < 0 ? -1 : held.indexOf("\r\n\r\n", at);
        if (end < 0) break;
        const size = /^content-length:\s*(\d+)\s*$/im.exec(held.toString("latin1", at, end))?.[1];
        if (size === undefined) throw new Error("a part of the stream without a length");
        length = Number(size);
        begin = end + 4;
        if (length > maxBytes) throw new Error(`a part of the stream is larger than ${maxBytes} bytes`);
      }
      if (held.length < begin + length) break;
      yield held.toString("utf8", begin, begin + length);
      held = held.subarray(begin + length);
      length = undefined;
    }
    if (held.length > maxBytes + 65_536) throw new Error(`a part of the stream is larger than ${maxBytes} bytes`);
  }
}

export function boundaryOf(contentType: string | undefined): string | undefined {
  return /^multipart\/[^;]+;.*boundary="?([^";]+)"?/i.exec(contentType ?? "")?.[1];
}
