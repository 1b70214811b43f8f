import { fault, localText, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { MEDIA } from "./energy-units.ts";

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const title = z.string().trim().min(1).max(60);
const signal = z.string().min(1).max(500);

/** What explains the use of a day: what a counter counted, the mean of a signal, or degree days of an outside temperature in °C. */
export const RelevantVariable = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("counted"), title, signal }),
  z.object({ kind: z.literal("mean"), title, signal }),
  z.object({ kind: z.literal("heatingDegreeDays"), title, signal, baseC: z.number().min(-50).max(60) }),
  z.object({ kind: z.literal("coolingDegreeDays"), title, signal, baseC: z.number().min(-50).max(60) }),
]);
export type RelevantVariable = z.output<typeof RelevantVariable>;

/** What a place used over a period, explained by relevant variables (ISO 50006): its baseline. */
export const BaselineFields = z
  .object({
    title: localText,
    /** AAS id of the shell of the line, station or place. */
    shell: z.string().min(1).max(2_000),
    medium: z.enum(MEDIA),
    /** First and last day, by the clock of the plant. */
    from: day,
    to: day,
    variables: z.array(RelevantVariable).max(5),
  })
  .refine(
    ({ from, to }) => from < to && Date.parse(to) - Date.parse(from) <= 400 * 86_400_000,
    fault(message("energy.fault.baselinePeriod")),
  );
export type BaselineFields = z.output<typeof BaselineFields>;

export const energyBaseline = {
  id: "energy.baseline",
  record: "energyBaseline",
  version: 1,
  schema: BaselineFields.safeExtend({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/) }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredBaseline = z.output<typeof energyBaseline.schema>;
