import { message } from "@doppelwerk/messages";
import { error, type Finding } from "./finding.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SEXTET = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index++) SEXTET[ALPHABET.charCodeAt(index)] = index;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** An identifier as IDTA-01002 writes it into a URL: base64url (RFC 4648 clause 5) of its UTF-8 bytes, without padding. */
export function encodeId(id: string): string {
  const bytes = encoder.encode(id);
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [first, second, third] = [bytes[at]!, bytes[at + 1], bytes[at + 2]];
    text += ALPHABET[first >> 2]! + ALPHABET[((first & 3) << 4) | ((second ?? 0) >> 4)]!;
    if (second !== undefined) text += ALPHABET[((second & 15) << 2) | ((third ?? 0) >> 6)]!;
    if (third !== undefined) text += ALPHABET[third & 63]!;
  }
  return text;
}

/**
 * The identifier behind a base64url text, or a finding (`id`) when the text is not the one encoding of a UTF-8 string:
 * padding, a character outside the alphabet, a dangling sextet, bits left over, or bytes that are no UTF-8.
 */
export function decodeId(encoded: string): string | Finding {
  const length = encoded.length;
  if (length === 0) return error("", "id", message("aas.identifierEmpty"));
  if (length % 4 === 1) return error("", "id", message("aas.identifierBase64urlLengthImpossible"));
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let [bits, held, filled] = [0, 0, 0];
  for (let at = 0; at < length; at++) {
    const code = encoded.charCodeAt(at);
    const sextet = code < 128 ? SEXTET[code]! : -1;
    if (sextet < 0)
      return error(
        "",
        "id",
        message("aas.identifierBase64urlWithoutPaddingCharacter", { value: at + 1, encoded: JSON.stringify(encoded[at]) }),
      );
    bits = ((bits << 6) | sextet) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[filled++] = (bits >> held) & 0xff;
    }
  }
  if (held > 0 && (bits & ((1 << held) - 1)) !== 0) return error("", "id", message("aas.identifierBase64urlLastCharacterBits"));
  try {
    return decoder.decode(bytes);
  } catch {
    return error("", "id", message("aas.identifierBase64urlUtf8Text"));
  }
}
