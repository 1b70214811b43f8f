import { fault, localText, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

const title = localText.refine(({ en, zh }) => en.trim().length > 0 && zh.trim().length > 0, fault(message("stationTerminal.fault.title")));
const text = z.object({ en: z.string().max(2_000), zh: z.string().max(2_000) });

export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;

/** What is written down of a step before it is done. */
export const StepCheck = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("yesNo") }),
  z
    .object({
      kind: z.literal("value"),
      unit: z.string().trim().min(1).max(20),
      low: z.number().optional(),
      high: z.number().optional(),
    })
    .refine(({ low, high }) => low === undefined || high === undefined || low <= high, fault(message("stationTerminal.fault.limits"))),
]);
export type StepCheck = z.output<typeof StepCheck>;

export const InstructionStep = z.object({
  title,
  text: text.optional(),
  /** A file of the world by its hash; given by its own operation. */
  picture: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/), type: z.enum(PICTURE_TYPES) }).optional(),
  /** Path of the part in 3D that the step is about. */
  part: z.string().max(500).optional(),
  tool: z.string().trim().max(100).optional(),
  plannedS: z.number().min(0).max(86_400).optional(),
  check: StepCheck.optional(),
});
export type InstructionStep = z.output<typeof InstructionStep>;

export const InstructionFields = z.object({
  /** As orders name it; empty: any product without an instruction of its own. */
  product: z.string().trim().max(100),
  /** Id of the station. */
  station: z.string().min(1).max(200),
  /** The first piece of an order in a shift is released before the others are made. */
  needsFirstPiece: z.boolean(),
  steps: z.array(InstructionStep).min(1).max(50).readonly(),
});
export type InstructionFields = z.output<typeof InstructionFields>;

/** One document a product and station: who edits others is in nobody's way. */
export const workInstruction = {
  id: "stationTerminal.instruction",
  record: "workInstruction",
  version: 1,
  schema: InstructionFields,
  upcast: {},
} satisfies KindDeclaration;

/** What a check says of what was entered; undefined: there is nothing to check. */
export function isWithin(
  check: StepCheck | undefined,
  entered: { readonly isOk?: boolean | undefined; readonly value?: number | undefined },
): boolean | undefined {
  if (check === undefined) return undefined;
  if (check.kind === "yesNo") return entered.isOk === true;
  const { value } = entered;
  return value !== undefined && value >= (check.low ?? -Infinity) && value <= (check.high ?? Infinity);
}
