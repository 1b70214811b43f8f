import type { Change, ElementRecord, ShellRecord, SubmodelRecord, WorldRecord } from "@doppelwerk/kit";
import type { PackView } from "@doppelwerk/kit/server";
import { documentsOfPlant, READ_SUBMODELS, type PlantDocument } from "../model/read-plant.ts";
import { recordsOf } from "./plant.ts";

export interface SetUpResult {
  readonly created: number;
  readonly changed: number;
  readonly kept: number;
}

/**
 * Writes documents of machines, ranges, tanks and recipes from the shells of a branch. What somebody changed in a document stays where the shells do not
 * say otherwise; what the shells do not name any more stays too.
 */
export async function setUp(view: PackView, branch: string): Promise<SetUpResult> {
  const documents = await readPlant(view, branch);
  const before = await Promise.all(documents.map(({ id }) => view.get(id, branch)));
  const changes = documents.flatMap((document, at) => changeOf(before[at], document));
  if (changes.length > 0) await view.apply({ branch, reason: "dye house: set up from the engineering file", changes });
  const created = changes.filter(({ op }) => op === "create").length;
  return { created, changed: changes.length - created, kept: documents.length - changes.length };
}

async function readPlant(view: PackView, branch: string): Promise<readonly PlantDocument[]> {
  const [shells, submodels, signals] = await Promise.all([
    recordsOf<ShellRecord>(view, "shell", branch),
    Promise.all(READ_SUBMODELS.map((value) => recordsOf<SubmodelRecord>(view, "submodel", branch, { name: "semanticId", value }))),
    view.signals(),
  ]);
  const own = submodels.flat().filter(({ semanticId = "" }) => READ_SUBMODELS.includes(semanticId));
  const read = await Promise.all(
    [...new Map(own.map((submodel) => [submodel.id, submodel])).values()].map(async (submodel) => {
      const elements = await recordsOf<ElementRecord>(view, "element", branch, { name: "submodel", value: submodel.id });
      return { submodel, elements: elements.filter((element) => element.submodel === submodel.id) };
    }),
  );
  return documentsOfPlant({ shells, submodels: read, signals });
}

/** Nothing where the record says the same already. */
function changeOf(before: WorldRecord | undefined, { id, kind, ...fields }: PlantDocument): readonly Change[] {
  if (before === undefined) return [{ op: "create", record: { id, kind, ...fields } as unknown as WorldRecord }];
  const changed = Object.entries(fields).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value));
  if (changed.length === 0) return [];
  return [{ op: "update", id, fields: Object.fromEntries(changed.map(([name, to]) => [name, { from: before[name], to }])) as never }];
}
