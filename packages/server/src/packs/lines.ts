// Both sides of the boundary load this file: it imports nothing.

/** A JSON text a line: longer ones end the connection before they are in memory. */
export const MAX_LINE_BYTES = 4_000_000;

/** Takes octets as they come and gives whole lines; `onTooLong` once, and then nothing more. */
export function lineReader(onLine: (line: string) => void, onTooLong: () => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  let size = 0;
  let ended = false;
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1 && !ended; at = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, at);
      const line = held.length === 0 ? piece : Buffer.concat([...held, piece]);
      held = [];
      size = 0;
      from = at + 1;
      onLine(line.toString());
    }
    if (ended || from === chunk.length) return;
    size += chunk.length - from;
    if (size > MAX_LINE_BYTES) {
      ended = true;
      held = [];
      onTooLong();
      return;
    }
    held.push(chunk.subarray(from));
  };
}
