import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { OctetsAnswer, OctetsBody, PlantView } from "@doppelwerk/kit/server";
import type { Blobs, BranchId, RecordId } from "@doppelwerk/world";
import type { Instruction } from "../contract.ts";
import type {} from "../message-codes.ts";
import { InstructionFields, PICTURE_TYPES, workInstruction, type InstructionStep } from "../model/instruction-kind.ts";

const MAX_PICTURE_BYTES = 8 << 20;

export function instructionId(product: string, station: string): RecordId {
  return hashedId("workInstruction", product, station);
}

export function heldInstructions(view: PlantView, branch: BranchId): Instruction[] {
  return view.documents
    .reader(branch)
    .query({ kind: workInstruction.record })
    .flatMap((record) => {
      const fields = readDocument(workInstruction, record);
      return fields === undefined ? [] : [{ id: record.id, fields }];
    })
    .toSorted((a, b) => (a.fields.station + a.fields.product < b.fields.station + b.fields.product ? -1 : 1));
}

/** Of the product at the station, else of any product there. */
export function instructionFor(view: PlantView, branch: BranchId, station: string, product: string | undefined): Instruction | undefined {
  const own = heldInstructions(view, branch).filter(({ fields }) => fields.station === station);
  return own.find(({ fields }) => fields.product === product) ?? own.find(({ fields }) => fields.product === "");
}

/** Errors: DW_INVALID for a picture that the instruction does not have: pictures come by their own operation. */
export async function storeInstruction(view: PlantView, branch: BranchId, fields: InstructionFields): Promise<Instruction> {
  const id = instructionId(fields.product, fields.station);
  const before = view.documents.reader(branch).get(id);
  const known = before && readDocument(workInstruction, before);
  const pictures = new Set(known?.steps.flatMap(({ picture }) => picture?.hash ?? []));
  if (fields.steps.some(({ picture }) => picture !== undefined && !pictures.has(picture.hash)))
    throw new DoppelwerkError("DW_INVALID", message("stationTerminal.fault.picture"));
  return write(view, branch, id, fields);
}

/** Errors: DW_NOT_FOUND. */
export async function removeInstruction(view: PlantView, branch: BranchId, id: RecordId): Promise<void> {
  const { fields } = requireInstruction(view, branch, id);
  await view.documents.apply({
    branch,
    reason: message("stationTerminal.log.instructionGone", { station: fields.station, product: fields.product }),
    changes: [{ op: "delete", record: view.documents.reader(branch).get(id)! }],
  });
}

/** Errors: DW_NOT_FOUND, DW_INVALID for what is no picture or too large. */
export async function setPicture(
  blobs: Blobs,
  view: PlantView,
  branch: BranchId,
  { id, step, body }: { readonly id: RecordId; readonly step: number; readonly body: OctetsBody },
): Promise<Instruction> {
  requireStep(requireInstruction(view, branch, id), step);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body.pieces) {
    size += piece.length;
    if (size > MAX_PICTURE_BYTES)
      throw new DoppelwerkError("DW_INVALID", message("stationTerminal.fault.pictureLarge", { max: MAX_PICTURE_BYTES >> 20 }));
    parts.push(piece);
  }
  const bytes = Buffer.concat(parts);
  const type = pictureType(bytes);
  if (type === undefined) throw new DoppelwerkError("DW_INVALID", message("stationTerminal.fault.pictureType"));
  const { hash } = await blobs.put(bytes, type);
  // as it is now: somebody may have changed it while the picture came
  const { fields } = requireInstruction(view, branch, id);
  requireStep({ id, fields }, step);
  const steps = fields.steps.map((each, at): InstructionStep => (at === step ? { ...each, picture: { hash, type } } : each));
  return write(view, branch, id, { ...fields, steps });
}

/** A picture of the instruction, and no other file of the world. Errors: DW_NOT_FOUND. */
export async function pictureFile(blobs: Blobs, view: PlantView, branch: BranchId, id: RecordId, hash: string): Promise<OctetsAnswer> {
  const known = requireInstruction(view, branch, id).fields.steps.find(({ picture }) => picture?.hash === hash)?.picture;
  const file = known && (await blobs.open(known.hash));
  if (known === undefined || file === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noPicture"));
  const cached = "private, max-age=31536000, immutable";
  return { body: file.pieces(), type: known.type, headers: { "x-content-type-options": "nosniff", "cache-control": cached } };
}

function requireInstruction(view: PlantView, branch: BranchId, id: RecordId): Instruction {
  const found = heldInstructions(view, branch).find((each) => each.id === id);
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noInstruction"));
  return found;
}

function requireStep({ fields }: Instruction, step: number): void {
  if (fields.steps[step] === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noStep"));
}

async function write(view: PlantView, branch: BranchId, id: RecordId, fields: InstructionFields): Promise<Instruction> {
  const change = documentChange(workInstruction, id, view.documents.reader(branch).get(id), fields);
  const reason = message("stationTerminal.log.instruction", { station: fields.station, product: fields.product });
  if (change) await view.documents.apply({ branch, reason, changes: [change] });
  return { id, fields };
}

/** By its first bytes, whatever it is called: no page and no script is ever served as a picture. */
function pictureType(bytes: Uint8Array): (typeof PICTURE_TYPES)[number] | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (head.startsWith("\u00ff\u00d8\u00ff")) return "image/jpeg";
  if (head.startsWith("\u0089PNG\r\n\u001a\n")) return "image/png";
  return head.startsWith("RIFF") && head.endsWith("WEBP") ? "image/webp" : undefined;
}
