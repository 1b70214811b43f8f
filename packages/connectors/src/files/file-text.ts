import { gunzipSync } from "node:zlib";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Encodings of old tools; what is none of them is read as windows-1252, in which every byte is a letter. */
export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "gb18030", "big5", "shift_jis"] as const;
export type Encoding = (typeof ENCODINGS)[number];

const utf8 = new TextDecoder("utf-8", { fatal: true });
/** Bytes that are looked at to tell an encoding. */
const HEAD = 65_536;

/**
 * Bytes as text: by their mark, by what an XML declaration says, else UTF-8 where they are that, UTF-16 where every other byte is 0, GB18030, Big5 or
 * Shift-JIS where they are pairs as tools of East Asia write them, and windows-1252. `encoding` decides where it is known.
 */
export function textOf(bytes: Uint8Array, encoding?: Encoding): string {
  const chosen = encoding ?? markedEncoding(bytes) ?? declaredEncoding(bytes);
  if (chosen !== undefined) return new TextDecoder(chosen).decode(bytes);
  try {
    return utf8.decode(bytes);
  } catch {
    return new TextDecoder(guessedEncoding(bytes)).decode(bytes);
  }
}

function markedEncoding(bytes: Uint8Array): Encoding | undefined {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  // without a mark: a text has no 0, and the first letters of a table or a document are Latin ones
  if (a !== undefined && a !== 0 && b === 0 && bytes[3] === 0) return "utf-16le";
  if (a === 0 && b !== undefined && b !== 0 && bytes[2] === 0) return "utf-16be";
  return undefined;
}

function declaredEncoding(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] !== 0x3c) return undefined;
  const head = new TextDecoder("windows-1252").decode(bytes.subarray(0, 200));
  const name = /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,30})["']/.exec(head)?.[1]?.toLowerCase();
  const known: Readonly<Record<string, Encoding>> = {
    "iso-8859-1": "windows-1252",
    latin1: "windows-1252",
    gb2312: "gb18030",
    gbk: "gb18030",
    "shift-jis": "shift_jis",
  };
  return name === undefined || name === "utf-8" || name === "utf-16" ? undefined : (known[name] ?? ENCODINGS.find((each) => each === name));
}

/** How often which bytes stand together, read as pairs: what tells the encodings of East Asia from each other and from letters with marks. */
interface Pairs {
  readonly pairs: number;
  /** Of them in the half of the table that people write most. */
  readonly common: number;
  /** Of them with another pair right before or behind: words have more than one sign, an umlaut or a degree sign stands alone. */
  readonly beside: number;
}

type ByteTest = (first: number, second: number) => boolean;

/** Undefined where the bytes cannot be that encoding. */
function pairsOf(bytes: Uint8Array, isPair: ByteTest, isCommon: ByteTest, isAlone: (byte: number) => boolean): Pairs | undefined {
  const head = bytes.subarray(0, HEAD);
  let [pairs, common, beside, run] = [0, 0, 0, 0];
  for (let at = 0; at < head.length; at++) {
    const [first, second] = [head[at]!, head[at + 1]];
    if (first < 0x80 || isAlone(first)) {
      run = 0;
      continue;
    }
    if (second === undefined) break;
    if (!isPair(first, second)) return undefined;
    pairs++;
    run++;
    beside += run === 1 ? 0 : run === 2 ? 2 : 1;
    if (isCommon(first, second)) common++;
    at++;
  }
  return pairs === 0 ? undefined : { pairs, common, beside };
}

const between = (byte: number, low: number, high: number) => byte >= low && byte <= high;
const never = () => false;
const isTrail: ByteTest = (_, second) => between(second, 0x40, 0xfe) && second !== 0x7f;

/** The encoding of a text that is no UTF-8: GB18030, Big5 or Shift-JIS where its bytes are pairs as tools of those countries write them. */
function guessedEncoding(bytes: Uint8Array): Encoding {
  const simple = pairsOf(
    bytes,
    (first, second) => first >= 0xa1 && second >= 0xa1,
    (first) => between(first, 0xb0, 0xd7),
    never,
  );
  if (simple !== undefined && simple.common >= 0.6 * simple.pairs) return "gb18030";
  const looks = (found: Pairs | undefined) => found !== undefined && found.common >= 0.8 * found.pairs && found.beside >= 0.7 * found.pairs;
  // with a rare sign among those of GB 2312
  const rare = (first: number, second: number) => between(first, 0x81, 0xfe) && isTrail(first, second);
  if (looks(pairsOf(bytes, rare, (first, second) => between(first, 0xb0, 0xd7) && second >= 0xa1, never))) return "gb18030";
  const big5 = (first: number, second: number) =>
    between(first, 0xa1, 0xf9) && (between(second, 0x40, 0x7e) || between(second, 0xa1, 0xfe));
  if (looks(pairsOf(bytes, big5, (first) => between(first, 0xa4, 0xc6), never))) return "big5";
  const shiftJis = (first: number, second: number) =>
    (between(first, 0x81, 0x9f) || between(first, 0xe0, 0xfc)) && between(second, 0x40, 0xfc) && second !== 0x7f;
  if (
    looks(
      pairsOf(
        bytes,
        shiftJis,
        (first) => between(first, 0x81, 0x98),
        (byte) => between(byte, 0xa1, 0xdf),
      ),
    )
  )
    return "shift_jis";
  return "windows-1252";
}

/** What a file is by its first bytes: `aasx` (a zip), `gzip`, `json`, the name of the root element of an XML document, `table`, `binary` or `empty`. */
export function formatOfFile(bytes: Uint8Array): string {
  if (bytes.length === 0) return "empty";
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return "aasx";
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  const head = textOf(bytes.subarray(0, HEAD))
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (head === "") return "empty";
  if (head.includes("\u0000")) return "binary";
  if (head.startsWith("{") || head.startsWith("[")) return "json";
  if (!head.startsWith("<")) return "table";
  const root = /<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]/.exec(
    head.replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?>/g, ""),
  );
  return root?.[1] ?? "binary";
}

/** What a file packed with gzip holds; any other file as it is. Throws DW_INVALID for what is damaged, or holds more than `mostBytes`. */
export function unpackedFile(name: string, bytes: Uint8Array, mostBytes: number): Uint8Array {
  if (formatOfFile(bytes) !== "gzip") return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    const most = Math.floor(mostBytes / 1024 / 1024);
    if ((error as { readonly code?: string }).code === "ERR_BUFFER_TOO_LARGE")
      throw new DoppelwerkError("DW_INVALID", message("connectors.filePackedGzipHoldsMoreMb", { most, name }));
    throw new DoppelwerkError("DW_INVALID", message("connectors.filePackedGzipCannotUnpacked", { reason: (error as Error).message, name }));
  }
}
