import { readDocument, type RecordReader } from "@doppelwerk/kit";
import { rosterKind, type RosterFields } from "../model/roster-kind.ts";
import {
  qualificationKind,
  requirementKind,
  skillKind,
  type QualificationFields,
  type RequirementFields,
  type SkillFields,
} from "../model/skill-kinds.ts";

const by =
  <Item>(keyOf: (item: Item) => string) =>
  (a: Item, b: Item): number =>
    keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0;

export function skillsOf(reader: RecordReader): readonly SkillFields[] {
  return reader
    .query({ kind: skillKind.record })
    .flatMap((record) => readDocument(skillKind, record) ?? [])
    .toSorted(by(({ skill }) => skill));
}

export function qualificationsOf(reader: RecordReader): readonly QualificationFields[] {
  return reader
    .query({ kind: qualificationKind.record })
    .flatMap((record) => readDocument(qualificationKind, record) ?? [])
    .toSorted(by(({ worker, skill }) => `${worker}\n${skill}`));
}

export function requirementsOf(reader: RecordReader): readonly RequirementFields[] {
  return reader
    .query({ kind: requirementKind.record })
    .flatMap((record) => readDocument(requirementKind, record) ?? [])
    .toSorted(by(({ station, skill }) => `${station}\n${skill}`));
}

/** Shifts of days in [from, to], in order of time. */
export function rostersOf(reader: RecordReader, from: string, to: string): readonly RosterFields[] {
  return reader
    .query({ kind: rosterKind.record })
    .filter(({ date }) => typeof date === "string" && date >= from && date <= to)
    .flatMap((record) => readDocument(rosterKind, record) ?? [])
    .toSorted((a, b) => a.from - b.from || (a.shift < b.shift ? -1 : 1));
}
