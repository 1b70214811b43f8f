import type { QualificationFields, RequirementFields } from "./skill-kinds.ts";

/** Days before its end in which a qualification has to be renewed. */
export const EXPIRING_DAYS = 30;

export const VALIDITIES = ["valid", "expiring", "expired", "notYet"] as const;
export type Validity = (typeof VALIDITIES)[number];

/** What a qualification is on a day; both its first and its last day count. */
export function validityOn({ validFrom, validUntil }: QualificationFields, day: string): Validity {
  if (validFrom !== undefined && day < validFrom) return "notYet";
  if (validUntil === undefined) return "valid";
  if (day > validUntil) return "expired";
  return validUntil <= dayAfter(day, EXPIRING_DAYS) ? "expiring" : "valid";
}

export function isValidOn(qualification: QualificationFields, day: string): boolean {
  const validity = validityOn(qualification, day);
  return validity === "valid" || validity === "expiring";
}

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Qualifications of everybody, to be asked by worker and skill. */
export class Qualified {
  readonly #of = new Map<string, Map<string, QualificationFields>>();

  constructor(qualifications: readonly QualificationFields[]) {
    for (const qualification of qualifications) {
      const own = this.#of.get(qualification.worker) ?? new Map<string, QualificationFields>();
      own.set(qualification.skill, qualification);
      this.#of.set(qualification.worker, own);
    }
  }

  get(worker: string, skill: string): QualificationFields | undefined {
    return this.#of.get(worker)?.get(skill);
  }

  /** Whether a worker fulfils a requirement on a day. */
  fulfils(worker: string, { skill, level }: Pick<RequirementFields, "skill" | "level">, day: string): boolean {
    const own = this.get(worker, skill);
    return own !== undefined && own.level >= level && isValidOn(own, day);
  }
}
