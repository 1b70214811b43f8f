import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { SealKey } from "./seal-key.ts";

/** A sealed file: AES-256-GCM with a random nonce; its name is authenticated, so that one file cannot stand for another. */
interface SealedText {
  readonly doppelwerk: "sealed";
  readonly v: 1;
  readonly key: string;
  readonly salt?: string;
  readonly nonce: string;
  /** Ciphertext and tag. */
  readonly text: string;
}

const MARK = '{"doppelwerk":"sealed",';
const [NONCE_BYTES, TAG_BYTES] = [12, 16];

export const isSealed = (text: string): boolean => text.startsWith(MARK);

export function sealText(name: string, text: string, { bytes, id, salt }: SealKey): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", bytes, nonce).setAAD(aadOf(name));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${JSON.stringify({
    doppelwerk: "sealed",
    v: 1,
    key: id,
    ...(salt !== undefined && { salt }),
    nonce: nonce.toString("base64"),
    text: sealed.toString("base64"),
  } satisfies SealedText)}\n`;
}

/** What a sealed text says of its key. Errors: DW_DAMAGED, DW_FORMAT_NEWER. */
export function keyOfSealed(name: string, text: string): { readonly id: string; readonly salt?: string } {
  const { key, salt } = parsed(name, text);
  return { id: key, ...(salt !== undefined && { salt }) };
}

/** Errors: DW_FORBIDDEN for another key, DW_DAMAGED for bytes or a name that were changed. */
export function openText(name: string, text: string, { bytes, id }: Pick<SealKey, "bytes" | "id">): string {
  const sealed = parsed(name, text);
  if (sealed.key !== id)
    throw new DoppelwerkError("DW_FORBIDDEN", message("storage.sealedWithOtherKey", { name, key: sealed.key, given: id }));
  try {
    const content = Buffer.from(sealed.text, "base64");
    const decipher = createDecipheriv("aes-256-gcm", bytes, Buffer.from(sealed.nonce, "base64"), { authTagLength: TAG_BYTES });
    decipher.setAAD(aadOf(name)).setAuthTag(content.subarray(content.length - TAG_BYTES));
    const opened = [decipher.update(content.subarray(0, content.length - TAG_BYTES)), decipher.final()];
    const whole = Buffer.concat(opened);
    const said = whole.toString("utf8");
    // the text itself cannot be overwritten
    for (const bytes of [...opened, whole]) bytes.fill(0);
    return said;
  } catch {
    throw new DoppelwerkError("DW_DAMAGED", message("storage.sealedDamaged", { name }));
  }
}

function parsed(name: string, text: string): SealedText {
  let sealed: Partial<SealedText> & { readonly v?: number };
  try {
    sealed = JSON.parse(text) as typeof sealed;
  } catch {
    throw new DoppelwerkError("DW_DAMAGED", message("storage.sealedDamaged", { name }));
  }
  if (typeof sealed.v === "number" && sealed.v > 1) throw new DoppelwerkError("DW_FORMAT_NEWER", message("storage.sealedNewer", { name }));
  if ([sealed.key, sealed.nonce, sealed.text].some((part) => typeof part !== "string"))
    throw new DoppelwerkError("DW_DAMAGED", message("storage.sealedDamaged", { name }));
  return sealed as SealedText;
}

const aadOf = (name: string): Buffer => Buffer.from(`doppelwerk sealed file\n${name}`);
