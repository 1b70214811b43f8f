import { gunzipSync } from "node:zlib";
import { DoppelwerkError, said } from "@doppelwerk/world";

/** Encodings of old tools; what is none of them is read as windows-1252, in which every byte is a letter. */
export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "gb18030", "big5", "shift_jis"] as const;
export type Encoding = (typeof ENCODINGS)[number];

const utf8 = new TextDecoder("utf-8", { fatal: true });
/** Bytes that are looked at to tell an encoding. */
const HEAD = 65_536;

/**
 * Bytes as text: by their mark, by what an XML declaration says, else UTF-8 where they are that, UTF-16 where every other byte is 0, GB18030 where they
 * are pairs as Chinese tools write them, and windows-1252. `encoding` decides where it is known.
 */
export function textOf(bytes: Uint8Array, encoding?: Encoding): string {
  const chosen = encoding ?? markedEncoding(bytes) ?? declaredEncoding(bytes);
  if (chosen !== undefined) return new TextDecoder(chosen).decode(bytes);
  try {
    return utf8.decode(bytes);
  } catch {
    return new TextDecoder(looksChinese(bytes) ? "gb18030" : "windows-1252").decode(bytes);
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

/** Two bytes a character, most of them from the common half of GB 2312 (first byte B0 to D7). An umlaut stands alone. */
function looksChinese(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, HEAD);
  let [pairs, common] = [0, 0];
  for (let at = 0; at < head.length; at++) {
    const first = head[at]!;
    if (first < 0x80) continue;
    const second = head[at + 1];
    if (second === undefined) break;
    if (first < 0xa1 || second < 0xa1) return false;
    pairs++;
    if (first >= 0xb0 && first <= 0xd7) common++;
    at++;
  }
  return pairs > 0 && common >= 0.6 * pairs;
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
      throw new DoppelwerkError("DW_INVALID", said`the file is packed with gzip and holds more than ${most} MB: ${name}`);
    throw new DoppelwerkError(
      "DW_INVALID",
      said`the file is packed with gzip and cannot be unpacked (${(error as Error).message}): ${name}`,
    );
  }
}
