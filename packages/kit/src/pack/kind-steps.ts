import { z } from "zod";

const field = z
  .string()
  .max(60)
  .regex(/^[a-z]\w*$/);

/** One step that makes fields of a version of a kind those of the next, as data: what a document does not have is passed over. */
export const KindStep = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("rename"), field, to: field }),
  /** Where the document has none. */
  z.strictObject({ do: z.literal("set"), field, value: z.json() }),
  /** A number becomes `by` times itself and `plus`. */
  z.strictObject({ do: z.literal("scale"), field, by: z.number(), plus: z.number().default(0) }),
  /** A text, number or truth that is named becomes another value. */
  z.strictObject({ do: z.literal("map"), field, values: z.record(z.string().max(200), z.json()) }),
  z.strictObject({ do: z.literal("remove"), field }),
]);
export type KindStep = z.output<typeof KindStep>;

/** Fields after these steps, in their order; those given stay as they are. */
export function afterSteps(steps: readonly KindStep[], given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = { ...given };
  for (const step of steps) {
    const isThere = Object.hasOwn(fields, step.field) && fields[step.field] !== undefined;
    const value = isThere ? fields[step.field] : undefined;
    if (step.do === "set") {
      if (!isThere) fields[step.field] = step.value;
    } else if (step.do === "scale") {
      if (typeof value === "number") fields[step.field] = value * step.by + step.plus;
    } else if (step.do === "map") {
      if (isThere && typeof value !== "object" && Object.hasOwn(step.values, String(value)))
        fields[step.field] = step.values[String(value)];
    } else if (isThere) {
      delete fields[step.field];
      if (step.do === "rename") fields[step.to] = value;
    }
  }
  return fields;
}
