import { fault, localText, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import shipped from "./shipped-defects.json" with { type: "json" };

/** `scratch`, `seal.missing`: short, stable, unique in a world. */
export const defectCodeText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);

const title = localText.refine(({ en, zh }) => en.trim().length > 0 && zh.trim().length > 0, fault(message("stationTerminal.fault.title")));

export const DefectFields = z.object({
  title,
  /** Among the others. */
  order: z.int().min(0).max(9_999),
  /** Ids of the stations that it is offered at; none: at all. */
  stations: z.array(z.string().min(1).max(200)).max(100).readonly(),
  /** It is offered no more; what was recorded keeps it. */
  isRetired: z.boolean(),
});
export type DefectFields = z.output<typeof DefectFields>;

/** A document a code, so that edits of different ones merge. */
export const defectCode = {
  id: "stationTerminal.defectCode",
  record: "defectCode",
  version: 1,
  schema: DefectFields.extend({ code: defectCodeText }),
  upcast: {},
} satisfies KindDeclaration;

export interface HeldDefect {
  readonly code: string;
  readonly fields: DefectFields;
  readonly isStored: boolean;
}

/** Codes in force: those of the product, each replaced by what was stored over it, and those that people added; in their order. */
export function defectsInForce(stored: ReadonlyMap<string, DefectFields>): readonly HeldDefect[] {
  const codes = new Map<string, HeldDefect>(
    shipped.map(({ code, ...fields }) => [code, { code, fields: { ...fields, stations: [], isRetired: false }, isStored: false }]),
  );
  for (const [code, fields] of stored) codes.set(code, { code, fields, isStored: true });
  return [...codes.values()].toSorted((a, b) => a.fields.order - b.fields.order || (a.code < b.code ? -1 : 1));
}
