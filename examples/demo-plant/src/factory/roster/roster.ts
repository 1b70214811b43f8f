import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import { Agenda } from "../kit/agenda.ts";
import { between, goesWrong } from "../kit/dirt.ts";
import { pageOf, Refusal, type Route } from "../kit/http-service.ts";
import { IntervalDrop } from "../kit/interval-drop.ts";
import { DAY, HOUR, MINUTE, type LocalTime } from "../kit/local-time.ts";
import { Outbox } from "../kit/outbox.ts";
import type { PlantConnection, RosterSource } from "../kit/plant-connection.ts";
import type { FactoryProgram, ProgramContext, ProgramKind } from "../kit/program.ts";
import { csvText, writeWhole } from "../kit/small-file.ts";
import { absenceOf, crewOf, peopleOf, teamOf, weekOf, workPlaces, type CrewPlace } from "./people.ts";
import { skillsOf } from "./skills.ts";
import { handlingTasks, taskColumns } from "./tasks.ts";

/** One place of one shift in one version of the roster. */
export interface RosterLine {
  readonly date: string;
  readonly shift: string;
  readonly from: string;
  readonly to: string;
  readonly line: string;
  readonly station: string;
  readonly role: string;
  /** Empty: nobody. */
  readonly person: string;
  readonly name: string;
  readonly replaces?: string;
  readonly remark?: string;
}

export interface RosterVersion {
  readonly time: string;
  readonly date: string;
  readonly version: number;
  readonly lines: readonly RosterLine[];
}

/** A badge at the gate. */
export interface Badge {
  readonly time: string;
  readonly person: string;
  readonly direction: "in" | "out";
}

/** How many of those who are on the roster of a line or station now are there: a number, of nobody by name. */
export interface Presence {
  readonly time: string;
  readonly key: string;
  readonly value: number;
}

export const rosterDirt = {
  /** Who fills in stands in both shifts of a day. */
  bothShifts: 0.08,
  /** Sickness that is entered only after the shift has begun. */
  enteredLate: 0.15,
  badge: { forgotten: 0.015, twice: 0.01 },
} as const;

/** Shifts, people and their skills; badges at the gate. */
export const roster: ProgramKind = { name: "roster", begin: (context) => new Roster(context) };

interface DayShift {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  readonly unplanned?: boolean;
}

const QUARTER = 15 * MINUTE;

/** How many at each station have to have the skill of their place. */
function requiredSkills(): readonly { readonly station: string; readonly skill: string; readonly people: number }[] {
  const places = workPlaces.filter(({ role }) => role === "operator" || role === "technician");
  const keys = new Set(places.map(({ station, skill }) => `${station}\n${skill}`));
  return [...keys].map((key) => {
    const [station, skill] = key.split("\n") as [string, string];
    return { station, skill, people: places.filter((place) => place.station === station && place.skill === skill).length };
  });
}

type Step = { readonly kind: "version"; readonly version: RosterVersion } | { readonly kind: "badge"; readonly badge: Omit<Badge, "time"> };

class Roster implements FactoryProgram {
  readonly #header: FloorHeader;
  readonly #local: LocalTime;
  readonly #drop: string;
  readonly #versions: Outbox<RosterVersion>;
  readonly #badges: Outbox<Badge>;
  readonly #presence: Outbox<Presence>;
  readonly #drops: readonly { flush(ms: number): void }[];
  readonly #agenda = new Agenda<Step>();
  readonly #present = new Set<string>();
  readonly #counted = new Map<string, number>();
  /** Newest version of each day. */
  readonly #newest = new Map<string, RosterVersion>();
  readonly routes: readonly Route[];
  readonly connections: readonly PlantConnection[];
  readonly rosterSources: readonly RosterSource[];
  #day = "";
  #settled = 0;
  #unwritten: RosterVersion[] = [];

  constructor({ header, local, folder, drop, url }: ProgramContext) {
    this.#header = header;
    this.#local = local;
    this.#drop = drop;
    this.#versions = new Outbox(join(folder, "roster.ndjson"));
    this.#badges = new Outbox(join(folder, "badges.ndjson"));
    this.#presence = new Outbox(join(folder, "presence.ndjson"));
    this.#drops = [
      new IntervalDrop({
        outbox: this.#badges,
        drop,
        folder,
        local,
        name: "badges",
        everyMs: 8 * HOUR,
        header: ["time", "person", "direction"],
        row: ({ time, person, direction }) => [time, person, direction],
      }),
      new IntervalDrop({
        outbox: this.#presence,
        drop: join(drop, "presence"),
        folder,
        local,
        name: "presence",
        everyMs: HOUR,
        header: ["time", "key", "value"],
        row: ({ time, key, value }) => [time, key, value],
      }),
    ];
    this.routes = this.#routes();
    this.connections = [
      {
        name: "People present",
        protocol: "http",
        url: `${url}/figures`,
        settings: { intervalS: 30, allowPrivate: true, timePointer: "/time" },
      },
      {
        name: "Attendance of the roster",
        protocol: "csv",
        url: pathToFileURL(join(drop, "presence")).href,
        settings: { keyColumn: "key", valueColumn: "value", timeColumn: "time" },
      },
    ] as const;
    this.rosterSources = [{ name: "Roster", path: drop }];
    this.#writePeople();
  }

  take(record: FloorRecord): void {
    if (record[0] === "s" && record[3] === "begin") this.#worked(record[1], record[2]);
  }

  settle(ms: number): void {
    const before = this.#settled;
    this.#settled = ms;
    const day = this.#local.date(ms);
    if (day !== this.#day) {
      // the week ahead is known from the first day on
      const from = this.#day === "" ? 0 : 7;
      this.#day = day;
      for (let ahead = from; ahead <= 7; ahead++) this.#planDay(this.#local.midnight(ms) + ahead * DAY, ms);
      this.#workDay(this.#local.midnight(ms));
    }
    const first = before === 0 ? ms : before;
    for (let quarter = Math.floor(first / QUARTER + 1) * QUARTER; quarter <= ms; quarter += QUARTER) {
      for (const { due, item } of this.#agenda.due(quarter)) this.#do(due, item);
      this.#count(quarter);
    }
    for (const { due, item } of this.#agenda.due(ms)) this.#do(due, item);
  }

  /** Says the counts of presence that have changed. */
  #count(ms: number): void {
    const lines = this.#newest.get(this.#local.date(ms))?.lines ?? [];
    const counts = new Map<string, number>([...this.#counted.keys()].map((key) => [key, 0]));
    for (const { line, station, from, to, person } of lines)
      if (person !== "" && Date.parse(from) <= ms && ms < Date.parse(to) && this.#present.has(person))
        for (const place of new Set([line, station])) if (place !== "") counts.set(place, (counts.get(place) ?? 0) + 1);
    for (const [key, value] of counts) {
      if (this.#counted.get(key) === value) continue;
      this.#counted.set(key, value);
      this.#presence.say({ time: this.#local.iso(ms), key: `Present.${key}`, value });
    }
  }

  flush(): void {
    this.#versions.flush();
    this.#badges.flush();
    this.#presence.flush();
    for (const drop of this.#drops) drop.flush(this.#settled);
    for (const version of this.#unwritten) this.#writeVersion(version);
    this.#unwritten = [];
  }

  #do(ms: number, step: Step): void {
    const time = this.#local.iso(ms);
    if (step.kind === "version") {
      const version = { ...step.version, time };
      this.#versions.say(version);
      this.#newest.set(version.date, version);
      this.#unwritten.push(version);
      return;
    }
    this.#badges.say({ time, ...step.badge });
    if (step.badge.direction === "in") this.#present.add(step.badge.person);
    else this.#present.delete(step.badge.person);
  }

  #shiftsOf(midnight: number): readonly DayShift[] {
    const clock = (text: string) => midnight + Number(text.slice(0, 2)) * HOUR + Number(text.slice(3)) * MINUTE;
    return this.#header.shifts
      .filter(({ days }) => days.split(" ").includes(this.#local.weekday(midnight)))
      .map(({ name, start, end }) => ({ name, begin: clock(start), end: clock(end) }));
  }

  /** The roster of a day a week ahead: holidays are known, sickness is not. */
  #planDay(midnight: number, now: number): void {
    const shifts = this.#shiftsOf(midnight);
    if (shifts.length === 0) return;
    this.#put(now, midnight, 1, shifts, (each) => each.why === "sick");
  }

  /** On the day itself: who is sick is replaced, and people come and go. */
  #workDay(midnight: number): void {
    const shifts = this.#shiftsOf(midnight);
    const sick = shifts.some((shift) => this.#crew(shift).some(({ why }) => why === "sick"));
    if (sick) {
      const isLate = goesWrong(this.#header.seed, "roster.late", this.#local.date(midnight), rosterDirt.enteredLate);
      this.#put(midnight + (isLate ? 9 : 5) * HOUR, midnight, 2, shifts, () => false);
    }
    for (const shift of shifts) if (shift.begin > this.#header.recordFrom - HOUR) this.#badge(shift);
  }

  /** A shift that is in no plan gets its roster when it has begun. */
  #worked(begin: number, name: string): void {
    const midnight = this.#local.midnight(begin);
    if (this.#shiftsOf(midnight).some((shift) => Math.abs(shift.begin - begin) < MINUTE)) return;
    const shift = { name, begin, end: begin + 8 * HOUR, unplanned: true };
    const known = this.#newest.get(this.#local.date(begin))?.version ?? 0;
    this.#put(begin + 20 * MINUTE, midnight, known + 1, [...this.#shiftsOf(midnight), shift], () => false);
    this.#badge(shift);
  }

  #crew({ begin, name }: DayShift): readonly CrewPlace[] {
    const day = this.#local.dayNumber(begin);
    return crewOf(this.#header.seed, teamOf(weekOf(day), name), day);
  }

  #put(due: number, midnight: number, version: number, shifts: readonly DayShift[], isUnknown: (place: CrewPlace) => boolean): void {
    const { seed } = this.#header;
    const date = this.#local.date(midnight);
    const lines = shifts.flatMap((shift) =>
      this.#crew(shift).map((place) => this.#line(date, shift, isUnknown(place) ? { place: place.place, person: place.instead } : place)),
    );
    const spare = peopleOf(seed).find(({ place, team }) => place.role === "floater" && team === "A");
    const empty = lines.find(({ person, role }) => person === "" && role === "operator");
    if (spare !== undefined && goesWrong(seed, "roster.bothShifts", date, rosterDirt.bothShifts))
      for (const shift of shifts)
        lines.push({
          ...this.#line(date, shift, { place: spare.place, person: spare }),
          station: empty?.station ?? "S060",
          line: empty?.line ?? "Line3",
        });
    this.#agenda.put(Math.max(due, this.#settled), { kind: "version", version: { time: "", date, version, lines } });
  }

  #line(date: string, { name: shift, begin, end, unplanned }: DayShift, { place, person, instead, why }: CrewPlace): RosterLine {
    const remark = unplanned === true ? "unplanned" : why;
    return {
      date,
      shift,
      from: this.#local.iso(begin),
      to: this.#local.iso(end),
      line: place.line,
      station: place.station,
      role: place.role,
      person: person?.id ?? "",
      name: person?.name ?? "",
      ...(instead === undefined ? {} : { replaces: instead.id }),
      ...(remark === undefined ? {} : { remark }),
    };
  }

  #badge(shift: DayShift): void {
    const { seed } = this.#header;
    for (const { person } of this.#crew(shift)) {
      if (person === undefined) continue;
      for (const direction of ["in", "out"] as const) {
        const key = `${person.id}.${shift.begin}.${direction}`;
        if (goesWrong(seed, "badge.forgotten", key, rosterDirt.badge.forgotten)) continue;
        const early = shift.unplanned === true ? between(seed, `badge.${key}`, 1, 9) : between(seed, `badge.${key}`, -18, -2);
        const at = direction === "in" ? shift.begin + early * MINUTE : shift.end + between(seed, `badge.${key}`, 1, 14) * MINUTE;
        this.#agenda.put(Math.round(at), { kind: "badge", badge: { person: person.id, direction } });
        if (goesWrong(seed, "badge.twice", key, rosterDirt.badge.twice))
          this.#agenda.put(Math.round(at) + 4_000, { kind: "badge", badge: { person: person.id, direction } });
      }
    }
  }

  #writeVersion({ date, version, lines }: RosterVersion): void {
    const header = ["date", "shift", "from", "to", "line", "station", "role", "person", "name", "replaces", "remark"] as const;
    const rows = lines.map((line) => header.map((name) => line[name]));
    writeWhole(join(this.#drop, `roster-${date}-v${version}.csv`), csvText(header, rows));
  }

  #writePeople(): void {
    const { seed, recordFrom } = this.#header;
    const people = peopleOf(seed).map(({ id, name, team, place, hired }) => [id, name, team, place.line, place.station, place.role, hired]);
    writeWhole(join(this.#drop, "people.csv"), csvText(["person", "name", "team", "line", "station", "role", "hired"], people));
    const skills = skillsOf(seed, recordFrom).map(({ person, skill, level, validFrom, validTo }) => [
      person,
      skill,
      level,
      validFrom,
      validTo,
    ]);
    writeWhole(join(this.#drop, "skills.csv"), csvText(["person", "skill", "level", "valid_from", "valid_to"], skills));
    writeWhole(join(this.#drop, "tasks.csv"), csvText(taskColumns, handlingTasks));
    const needed = requiredSkills().map(({ station, skill, people: count }) => [station, skill, 2, count]);
    writeWhole(join(this.#drop, "requirements.csv"), csvText(["station", "skill", "level", "people"], needed));
  }

  #routes(): readonly Route[] {
    const { seed, recordFrom } = this.#header;
    return [
      { method: "GET", path: "/people", answer: () => peopleOf(seed).map(({ place, ...person }) => ({ ...person, ...place })) },
      { method: "GET", path: "/skills", answer: () => skillsOf(seed, recordFrom) },
      {
        method: "GET",
        path: "/roster/:date",
        answer: ({ path }) => {
          const version = this.#newest.get(path["date"]!);
          if (version === undefined) throw new Refusal(404, `there is no roster of ${path["date"]}`);
          return version;
        },
      },
      {
        method: "GET",
        path: "/versions",
        answer: (asked) => {
          const { after, limit } = pageOf(asked);
          return this.#versions.after(after, Math.min(limit, 50));
        },
      },
      {
        method: "GET",
        path: "/badges",
        answer: (asked) => {
          const { after, limit } = pageOf(asked);
          return this.#badges.after(after, limit);
        },
      },
      { method: "GET", path: "/absences/:date", answer: ({ path }) => this.#absences(path["date"]!) },
      { method: "GET", path: "/figures", answer: () => this.#figures() },
    ];
  }

  /** Holidays of any day; sickness until today. */
  #absences(date: string): unknown {
    const begin = this.#local.dayBegin(date);
    if (Number.isNaN(begin)) throw new Refusal(400, `a day is written ${this.#local.date(this.#settled)}`);
    const { seed } = this.#header;
    return peopleOf(seed).flatMap(({ id }) => {
      const reason = absenceOf(seed, id, this.#local.dayNumber(begin));
      return reason === undefined || (reason === "sick" && begin > this.#settled) ? [] : [{ person: id, date, reason }];
    });
  }

  #figures(): unknown {
    const now = this.#settled;
    const planned = this.#newest.get(this.#local.date(now))?.lines ?? [];
    const of = (line: string) => {
      const own = planned.filter((each) => each.line === line && Date.parse(each.from) <= now && now < Date.parse(each.to));
      return { Planned: own.length, Present: own.filter(({ person }) => this.#present.has(person)).length };
    };
    return { time: new Date(now).toISOString(), Line3: of("Line3"), Line4: of("Line4") };
  }
}
