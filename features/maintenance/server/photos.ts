import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { OctetsAnswer, OctetsBody } from "@doppelwerk/kit/server";
import type { Blobs } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { Act } from "../model/acts.ts";
import { refusal, type WorkOrder } from "../model/work-order.ts";

const MAX_PHOTO_BYTES = 12 << 20;
/** Of one work order. */
const MAX_PHOTOS = 50;

export type PhotoType = "image/jpeg" | "image/png" | "image/webp";

/** By its first bytes, whatever it is called; nothing else is taken, so that no page or script is ever served as a photo. */
export function photoType(bytes: Uint8Array): PhotoType | undefined {
  const begins = (...expected: number[]): boolean => expected.every((byte, at) => bytes[at] === byte);
  if (begins(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  const text = (from: number, to: number): string => String.fromCharCode(...bytes.slice(from, to));
  return text(0, 4) === "RIFF" && text(8, 12) === "WEBP" ? "image/webp" : undefined;
}

/** Takes a photo into the files of the world, by their scanner and quotas. Errors: DW_INVALID, and those of the quotas. */
async function keepPhoto(
  blobs: Blobs,
  body: OctetsBody,
): Promise<{ readonly hash: string; readonly type: PhotoType; readonly bytes: number }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body.pieces) {
    size += piece.length;
    if (size > MAX_PHOTO_BYTES) throw new DoppelwerkError("DW_INVALID", message("maintenance.photoLarge", { max: MAX_PHOTO_BYTES >> 20 }));
    parts.push(piece);
  }
  const bytes = Buffer.concat(parts);
  const type = photoType(bytes);
  if (type === undefined) throw new DoppelwerkError("DW_INVALID", message("maintenance.photoType"));
  const { hash } = await blobs.put(bytes, type);
  return { hash, type, bytes: bytes.length };
}

/** The act of a photo that was taken into the files; one that the work order refuses is not taken. Errors: DW_CONFLICT, DW_INVALID. */
export async function addPhoto(blobs: Blobs, order: WorkOrder, body: OctetsBody, by: string, step: number | undefined): Promise<Act> {
  const place = step === undefined ? {} : { step };
  const why = refusal(order, { act: "photo", hash: "", type: "image/png", bytes: 1, ...place }, by);
  if (why !== undefined) throw new DoppelwerkError("DW_CONFLICT", why);
  if (order.photos.length >= MAX_PHOTOS) throw new DoppelwerkError("DW_CONFLICT", message("maintenance.photosFull", { max: MAX_PHOTOS }));
  return { act: "photo", ...(await keepPhoto(blobs, body)), ...place };
}

/** A photo of the work order by its hash: of no other file of the world. Errors: DW_NOT_FOUND. */
export async function photoFile(blobs: Blobs, order: WorkOrder, hash: string): Promise<OctetsAnswer> {
  const known = order.photos.find((photo) => photo.hash === hash);
  const file = known && (await blobs.open(known.hash));
  if (known === undefined || file === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noPhoto"));
  return { body: file.pieces(), type: known.type, headers: { "x-content-type-options": "nosniff" } };
}
