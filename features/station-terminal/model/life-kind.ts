import { DAY, HOUR, z, type Instant, type KindDeclaration } from "@doppelwerk/kit";

export const LIFE_KINDS = ["tool", "mould", "gauge"] as const;
export const LIFE_UNITS = ["cycles", "hours", "days"] as const;

/** A tool, mould or gauge whose life is counted: by what its station counts, by the time that it works, or by the calendar. */
export const LifeFields = z.object({
  name: z.string().trim().min(1).max(100),
  /** A record has a `kind` of its own. */
  what: z.enum(LIFE_KINDS),
  /** Id of the station. */
  station: z.string().min(1).max(200),
  unit: z.enum(LIFE_UNITS),
  limit: z.number().positive().max(1e9),
  /** Part of the limit from which on the terminal shows it: 0.9. */
  warnAt: z.number().min(0).max(1),
  /** It is counted from then on, until it is reset at a terminal. */
  since: z.int().min(0).max(8_000_000_000_000_000),
});
export type LifeFields = z.output<typeof LifeFields>;

export const lifeItem = {
  id: "stationTerminal.life",
  record: "lifeItem",
  version: 1,
  schema: LifeFields.extend({ code: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/) }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredLife = z.output<typeof lifeItem.schema>;

export type LifeState = "good" | "soon" | "due" | "unknown";

/** Without a count it is not known, and never good. */
export function lifeState({ limit, warnAt }: Pick<LifeFields, "limit" | "warnAt">, used: number | undefined): LifeState {
  if (used === undefined) return "unknown";
  if (used >= limit) return "due";
  return used >= limit * warnAt ? "soon" : "good";
}

export const daysBetween = (from: Instant, to: Instant): number => Math.max(0, (to - from) / DAY);

/** Hours of [from, to) in states of work; each state holds until the next one. */
export function workedHours(states: readonly { readonly from: Instant; readonly state: string }[], from: Instant, to: Instant): number {
  let worked = 0;
  for (const [at, { from: begin, state }] of states.entries()) {
    if (!WORKS.has(state)) continue;
    const end = Math.min(to, states[at + 1]?.from ?? to);
    worked += Math.max(0, end - Math.max(from, begin));
  }
  return worked / HOUR;
}

const WORKS: ReadonlySet<string> = new Set(["working", "running", "executing"]);
