import { documentChange, DoppelwerkError, message, type RecordReader } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId } from "@doppelwerk/world";
import type { SkillMatrix } from "../contract.ts";
import type {} from "../message-codes.ts";
import { validityOn } from "../model/qualified.ts";
import {
  qualificationDocumentId,
  qualificationKind,
  requirementDocumentId,
  requirementKind,
  skillDocumentId,
  skillKind,
  type QualificationFields,
  type RequirementFields,
  type SkillFields,
} from "../model/skill-kinds.ts";
import { qualificationsOf, requirementsOf, skillsOf } from "./documents.ts";
import { isKeeper, shownWorker } from "./keeper.ts";
import type { Staff } from "./staff.ts";

/** Skills and who has them on a day: rows of everybody for who keeps the roster, else the caller's own. Numbers of people are of all. */
export function skillMatrix(staff: Staff, view: PlantView, reader: RecordReader, date: string): SkillMatrix {
  const qualifications = qualificationsOf(reader);
  const requirements = requirementsOf(reader);
  const keeper = isKeeper(view);
  const known = new Set([...staff.all().map(([worker]) => worker), ...qualifications.map(({ worker }) => worker)]);
  const rows = [...known].toSorted().map((worker) => ({
    ...shownWorker(staff, view, worker),
    cells: qualifications
      .filter((each) => each.worker === worker)
      .map((fields) => ({ skill: fields.skill, level: fields.level, validity: validityOn(fields, date), fields })),
  }));
  const shown = rows.filter(({ isMe }) => keeper || isMe);
  const count = (skill: string, validity: string): number =>
    qualifications.filter((each) => each.skill === skill && validityOn(each, date) === validity).length;
  return {
    isKeeper: keeper,
    date,
    skills: skillsOf(reader).map((fields) => {
      const expiring = count(fields.skill, "expiring");
      return {
        ...fields,
        id: skillDocumentId(fields.skill),
        people: count(fields.skill, "valid") + expiring,
        expiring,
        expired: count(fields.skill, "expired"),
        stations: requirements.filter(({ skill }) => skill === fields.skill).map(({ station }) => station),
      };
    }),
    rows: shown,
    withheld: rows.length - shown.length,
  };
}

export async function storeSkill(view: PlantView, branch: BranchId, fields: SkillFields): Promise<void> {
  const id = skillDocumentId(fields.skill);
  const change = documentChange(skillKind, id, view.documents.reader(branch).get(id), fields);
  const reason = message("personnel.log.skill", { skill: fields.skill });
  if (change) await view.documents.apply({ branch, reason, changes: [change] });
}

/** Errors: DW_NOT_FOUND where there is no such skill or worker. */
export async function storeQualification(staff: Staff, view: PlantView, branch: BranchId, fields: QualificationFields): Promise<void> {
  const reader = view.documents.reader(branch);
  if (staff.get(fields.worker) === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("personnel.fault.unknownWorker", { worker: fields.worker }));
  requireSkill(reader, fields.skill);
  const id = qualificationDocumentId(fields.worker, fields.skill);
  const change = documentChange(qualificationKind, id, reader.get(id), fields);
  const reason = message("personnel.log.qualification", { worker: fields.worker, skill: fields.skill });
  if (change) await view.documents.apply({ branch, reason, changes: [change] });
}

export async function removeQualification(view: PlantView, branch: BranchId, worker: string, skill: string): Promise<void> {
  const record = view.documents.reader(branch).get(qualificationDocumentId(worker, skill));
  if (record === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("personnel.noQualification", { worker: worker.slice(0, 60), skill }));
  const reason = message("personnel.log.qualificationRemoved", { worker, skill });
  await view.documents.apply({ branch, reason, changes: [{ op: "delete", record }] });
}

export async function storeRequirement(view: PlantView, branch: BranchId, fields: RequirementFields): Promise<void> {
  const reader = view.documents.reader(branch);
  requireSkill(reader, fields.skill);
  const id = requirementDocumentId(fields.station, fields.skill);
  const change = documentChange(requirementKind, id, reader.get(id), fields);
  const reason = message("personnel.log.requirement", { station: fields.station, skill: fields.skill });
  if (change) await view.documents.apply({ branch, reason, changes: [change] });
}

export async function removeRequirement(view: PlantView, branch: BranchId, station: string, skill: string): Promise<void> {
  const record = view.documents.reader(branch).get(requirementDocumentId(station, skill));
  if (record === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("personnel.noRequirement", { station: station.slice(0, 100), skill }));
  const reason = message("personnel.log.requirement", { station, skill });
  await view.documents.apply({ branch, reason, changes: [{ op: "delete", record }] });
}

function requireSkill(reader: RecordReader, skill: string): void {
  if (reader.get(skillDocumentId(skill)) === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("personnel.noSkill", { skill: skill.slice(0, 100) }));
}
