import { fault, localText, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import shipped from "./shipped-philosophy.json" with { type: "json" };

const key = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/);
const title = localText.refine(({ en, zh }) => en.trim() !== "" && zh.trim() !== "", fault(message("alarmManagement.fault.title")));
export const Priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Priority = z.output<typeof Priority>;

/** How severe a consequence is: the lines of the matrix. */
const Severity = z.object({ key, title, priorities: z.array(Priority).min(1).max(6).readonly() });

/** An operator position: whose alarms are counted together. */
const Position = z.object({
  key,
  title,
  /** Ids of the shells of places: alarms of them and of what is in them. */
  places: z.array(z.string().min(1).max(300)).min(1).max(50).readonly(),
});

/** When an alarm is a nuisance. */
const nuisance = {
  /** An alarm chatters that was raised so often within so many seconds. */
  chatter: z.object({ count: z.int().min(2).max(100), withinS: z.number().positive().max(3_600) }),
  /** An alarm is fleeting that returned in less time. */
  fleetingS: z.number().positive().max(3_600),
  /** An alarm is stale that lasts longer. */
  staleH: z.number().positive().max(8_760),
};
export const NuisanceRules = z.object(nuisance);

// #region philosophy
/** What a plant decides once for all its alarms (alarm philosophy, ISA-18.2 clause 6). */
export const PhilosophyFields = z
  .object({
    /** Upper ends of the times to respond, the shortest first, seconds: the columns of the matrix; a last one is without an end. */
    timesS: z.array(z.number().positive().max(2_592_000)).min(1).max(5).readonly(),
    severities: z.array(Severity).min(1).max(6).readonly(),
    classes: z.array(z.object({ key, title })).max(20).readonly(),
    positions: z.array(Position).max(50).readonly(),
    ...nuisance,
  })
  .refine(({ timesS }) => timesS.every((time, at) => at === 0 || time > timesS[at - 1]!), fault(message("alarmManagement.fault.times")))
  .refine(
    ({ timesS, severities }) => severities.every(({ priorities }) => priorities.length === timesS.length + 1),
    fault(message("alarmManagement.fault.matrix")),
  )
  .refine(
    ({ severities, classes, positions }) =>
      [severities, classes, positions].every((list) => new Set(list.map((each) => each.key)).size === list.length),
    fault(message("alarmManagement.fault.keys")),
  );
// #endregion
export type PhilosophyFields = z.output<typeof PhilosophyFields>;

export const philosophyKind = {
  id: "alarmManagement.philosophy",
  record: "alarmPhilosophy",
  version: 1,
  schema: PhilosophyFields,
  upcast: {},
} satisfies KindDeclaration;

export const PHILOSOPHY_ID = "alarmPhilosophy:plant";

/** Until a plant stores its own: three severities, four times to respond (EEMUA 191). */
export const SHIPPED_PHILOSOPHY: PhilosophyFields = PhilosophyFields.parse(shipped);

/** The priority that the matrix gives; undefined for a severity that it does not have. */
export function priorityOfMatrix(
  { timesS, severities }: Pick<PhilosophyFields, "timesS" | "severities">,
  severity: string,
  timeToRespondS: number,
): Priority | undefined {
  const line = severities.find(({ key: own }) => own === severity);
  const column = timesS.findIndex((end) => timeToRespondS <= end);
  return line?.priorities[column === -1 ? timesS.length : column];
}
