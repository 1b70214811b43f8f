export interface DecodedText {
  readonly text: string;
  /** Name of the encoding that was used. */
  readonly encoding: string;
  /** Whether the bytes were not what they said or should be, so that the encoding was guessed. */
  readonly guessed: boolean;
}

/**
 * Text of a file: UTF-8, UTF-16 with or without a byte order mark, else what an XML declaration says, else Windows-1252, which gives every byte
 * a character. Undefined for bytes that are no text at all (a zero byte that is not half of a UTF-16 character).
 */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, "utf-16le");
  if (first === 0xfe && second === 0xff) return decoded(bytes, "utf-16be");
  if (second === 0 && first !== 0 && first !== undefined && bytes.length % 2 === 0) return decoded(bytes, "utf-16le");
  if (first === 0 && second !== 0 && second !== undefined && bytes.length % 2 === 0) return decoded(bytes, "utf-16be");
  const declared = declaredEncoding(bytes);
  if (declared !== undefined && !/^(utf-?8|us-ascii|utf-?16.*)$/i.test(declared)) {
    const text = decoded(bytes, declared);
    if (text !== undefined) return text;
  }
  const utf8 = decoded(bytes, "utf-8");
  if (utf8 !== undefined || bytes.includes(0)) return utf8;
  const text = decoded(bytes, "windows-1252");
  return text && { ...text, guessed: true };
}

function decoded(bytes: Uint8Array, encoding: string): DecodedText | undefined {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding, guessed: false };
  } catch {
    return undefined;
  }
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  let start = "";
  for (const byte of bytes.subarray(0, 200)) start += String.fromCharCode(byte);
  return /^(?:\u00ef\u00bb\u00bf)?\s*<\?xml[^>]{0,150}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/.exec(start)?.[1];
}
