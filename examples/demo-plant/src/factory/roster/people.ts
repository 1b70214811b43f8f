import { hashNumber, hashUnit } from "../../truth/chance.ts";

/** Invented; any likeness is chance. */
const given = [
  "Ada",
  "Bo",
  "Cem",
  "Dalia",
  "Emre",
  "Fatou",
  "Goran",
  "Hui",
  "Ines",
  "Jonas",
  "Kaja",
  "Lian",
  "Mirela",
  "Nils",
  "Olga",
  "Pavel",
  "Quang",
  "Rosa",
  "Selim",
  "Tove",
] as const;
const family = [
  "Abrecht",
  "Bélanger",
  "Chrome",
  "Dahlmeer",
  "Eskelund",
  "Farrow-Lind",
  "Gromnik",
  "Hartzig",
  "Ilves",
  "Jarnholt",
  "Kestrel",
  "Lindqvarn",
  "Morawetz",
  "Nordfeldt",
  "O'Branne",
  "Pellworm",
  "Quist",
  "Rabenau",
  "Stahlbeck",
  "Tarnow",
] as const;

export type Team = "A" | "B";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly team: Team;
  /** What the person does on every normal day. */
  readonly place: WorkPlace;
  readonly hired: string;
}

export interface WorkPlace {
  readonly line: "Line3" | "Line4" | "Site";
  readonly station: string;
  readonly role: "operator" | "technician" | "lead" | "floater";
  readonly skill: string;
}

/** People of one shift: DEMO plant 14 operators, 2 technicians and a lead on Line 3; 7, 1 and a lead on Line 4; four who fill in. */
export const workPlaces: readonly WorkPlace[] = [
  ...["S030", "S030", "S040", "S050", "S060", "S070", "S070", "R10", "T10", "T30", "S010", "S090", "S100", "S120"].map((station) =>
    operator("Line3", station),
  ),
  ...["S080", "S120"].map((station) => ({ line: "Line3", station, role: "technician", skill: "maintenance" }) as const),
  { line: "Line3", station: "Line3", role: "lead", skill: "lead" },
  ...["L4-010", "L4-040", "L4-040", "L4-020", "L4-060", "L4-R10", "L4-070"].map((station) => operator("Line4", station)),
  { line: "Line4", station: "L4-050", role: "technician", skill: "maintenance" },
  { line: "Line4", station: "Line4", role: "lead", skill: "lead" },
  ...[1, 2, 3, 4].map(() => ({ line: "Site", station: "", role: "floater", skill: "assembly" }) as const),
];

const known = new Map<number, readonly Person[]>();

/** Everybody who works here, the same for one seed. */
export function peopleOf(seed: number): readonly Person[] {
  const people = known.get(seed) ?? hire(seed);
  known.set(seed, people);
  return people;
}

function hire(seed: number): readonly Person[] {
  const taken = new Set<string>();
  return (["A", "B"] as const).flatMap((team, half) =>
    workPlaces.map((place, index): Person => {
      const number = half * workPlaces.length + index;
      const draw = (salt: number, below: number) => Math.floor(below * hashNumber(seed + salt, number, salt));
      const last = family[draw(91, family.length)]!;
      // no two people have one whole name
      let first = draw(92, given.length);
      while (taken.has(`${last} ${first}`)) first = (first + 1) % given.length;
      taken.add(`${last} ${first}`);
      const hired = `${2008 + draw(93, 17)}-${String(1 + draw(94, 12)).padStart(2, "0")}-01`;
      return { id: `P${1001 + number}`, name: `${last}, ${given[first]!}`, team, place, hired };
    }),
  );
}

/** Weeks since 1970, from Monday. */
export function weekOf(dayNumber: number): number {
  return Math.floor((dayNumber + 3) / 7);
}

/** Teams change between early and late every Monday. `week` counts Mondays. */
export function teamOf(week: number, shift: string): Team {
  return (week % 2 === 0) === (shift !== "Late") ? "A" : "B";
}

export type Absence = "sick" | "holiday";

/** Why a person is away on a local day (`2026-11-24`); holidays last a week, sickness a day or more. */
export function absenceOf(seed: number, person: string, dayNumber: number): Absence | undefined {
  const week = weekOf(dayNumber);
  if (hashUnit(seed, `holiday.${person}.${week}`) < 0.06) return "holiday";
  for (let back = 0; back < 3; back++) {
    const length = 1 + Math.floor(3 * hashUnit(seed, `length.${person}.${dayNumber - back}`));
    if (length > back && hashUnit(seed, `sick.${person}.${dayNumber - back}`) < 0.018) return "sick";
  }
  return undefined;
}

export interface CrewPlace {
  readonly place: WorkPlace;
  /** Undefined: the place stays empty. */
  readonly person: Person | undefined;
  readonly instead?: Person;
  readonly why?: Absence;
}

/** Who stands in at the places of those who are away: those who fill in, in order; the rest stays empty. */
export function crewOf(seed: number, team: Team, dayNumber: number): readonly CrewPlace[] {
  const members = peopleOf(seed).filter((person) => person.team === team);
  const spare = members.filter(({ id, place }) => place.role === "floater" && absenceOf(seed, id, dayNumber) === undefined);
  return members
    .filter(({ place }) => place.role !== "floater")
    .map((person) => {
      const why = absenceOf(seed, person.id, dayNumber);
      if (why === undefined) return { place: person.place, person };
      const standIn = person.place.role === "operator" ? spare.shift() : undefined;
      return { place: person.place, person: standIn, instead: person, why };
    });
}

function operator(line: "Line3" | "Line4", station: string): WorkPlace {
  return { line, station, role: "operator", skill: station.startsWith("L4-") || /^[ST]\d/.test(station) ? `operate ${station}` : "rework" };
}
