/** What the central directory of a zip archive says of an entry, beyond what the unpacker hands out. */
export interface DirectoryEntry {
  /** As its bytes say: UTF-8 where they are that, else code page 437, as packers write it that know nothing else. */
  readonly name: string;
  readonly isEncrypted: boolean;
  /** CRC-32 of the unpacked content. */
  readonly checksum: number;
}

export interface ZipDirectory {
  /** In the order of the directory. */
  readonly entries: readonly DirectoryEntry[];
  /** Length of the archive without its comment and what follows it. */
  readonly length: number;
}

const END = 0x06054b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const ZIP64_LOCATOR = 0x07064b50;
const ENTRY = 0x02014b50;
const ENTRY_LENGTH = 46;
const ENCRYPTED = 1;

/** The central directory (APPNOTE 4.3.12 to 4.3.16, zip64 too), at most `mostEntries` of it; undefined where there is none that can be followed. */
export function zipDirectory(bytes: Uint8Array, mostEntries: number): ZipDirectory | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end === undefined) return undefined;
  try {
    let [count, at] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
    if (end >= 20 && view.getUint32(end - 20, true) === ZIP64_LOCATOR) {
      const place = Number(view.getBigUint64(end - 12, true));
      [count, at] = [Number(view.getBigUint64(place + 32, true)), Number(view.getBigUint64(place + 48, true))];
    }
    const entries: DirectoryEntry[] = [];
    while (entries.length < Math.min(count, mostEntries) && view.getUint32(at, true) === ENTRY) {
      const nameLength = view.getUint16(at + 28, true);
      const name = bytes.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength);
      entries.push({
        name: nameOf(name),
        isEncrypted: (view.getUint16(at + 8, true) & ENCRYPTED) !== 0,
        checksum: view.getUint32(at + 16, true),
      });
      at += ENTRY_LENGTH + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return { entries, length: end + END_LENGTH };
  } catch {
    // A place beyond the end: the unpacker says so.
    return undefined;
  }
}

/** The end record whose comment reaches to the end of the file; where none does, the last one. */
function endOf(view: DataView): number | undefined {
  let last: number | undefined;
  const first = Math.max(0, view.byteLength - END_LENGTH - MAX_COMMENT);
  for (let at = view.byteLength - END_LENGTH; at >= first; at--) {
    if (view.getUint32(at, true) !== END) continue;
    if (at + END_LENGTH + view.getUint16(at + 20, true) === view.byteLength) return at;
    last ??= at;
  }
  return last;
}

/** The upper half of code page 437. */
const UPPER_437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : UPPER_437[byte - 0x80]!)).join("");
  }
}

const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32 as zip has it (ISO 3309). */
export function checksumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) sum = TABLE[(sum ^ bytes[at]!) & 0xff]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
