import { hashNumber, hashUnit } from "../../truth/chance.ts";
import { isHasty } from "../../truth/unknown-effects.ts";
import { goesWrong } from "../kit/dirt.ts";
import { DAY } from "../kit/local-time.ts";
import { peopleOf, workPlaces } from "./people.ts";

export interface Skill {
  readonly person: string;
  readonly skill: string;
  /** 1 learns, 2 works alone, 3 knows it well, 4 teaches. */
  readonly level: 1 | 2 | 3 | 4;
  readonly validFrom: string;
  readonly validTo: string;
}

/** Share of skills that ran out before the record began, and that nobody renewed. */
export const expiredShare = 0.05;

const others = [...new Set(workPlaces.map(({ skill }) => skill))].filter((skill) => skill.startsWith("operate"));

/** What each person may do and until when: the skill of the own place and of a few others. */
export function skillsOf(seed: number, recordFrom: number): readonly Skill[] {
  return peopleOf(seed).flatMap(({ id, place, team }, number) => {
    const more = Array.from(
      { length: 2 + (place.role === "floater" ? 3 : 0) },
      (_, n) => others[Math.floor(hashNumber(seed + 93, number, n) * others.length)]!,
    );
    const all = [...new Set([place.skill, ...more, ...(hashUnit(seed, `forklift.${id}`) < 0.3 ? ["forklift"] : [])])];
    return all.map((skill): Skill => {
      // who is new at the heat pump is hasty, and the list says that they learn
      const learns = skill === "operate L4-010" && isHasty(seed, team, place.station === "L4-010");
      const ranOut = goesWrong(seed, "skill.expired", `${id}.${skill}`, expiredShare);
      const until = recordFrom + (ranOut ? -20 : 30 + 600 * hashUnit(seed, `until.${id}.${skill}`)) * DAY;
      const level = learns ? 1 : ((2 + Math.floor(3 * hashUnit(seed, `level.${id}.${skill}`))) as 2 | 3 | 4);
      return { person: id, skill, level, validFrom: day(until - (learns ? 640 : 730) * DAY), validTo: day(until) };
    });
  });
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
