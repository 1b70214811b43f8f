import type { Change, WorldRecord } from "@doppelwerk/kit";
import type { PackView } from "@doppelwerk/kit/server";
import { notFound } from "./not-found.ts";
import { documentsOf } from "./plant.ts";

export interface LotBody {
  readonly recipe: string;
  readonly loadKg: number;
  readonly article?: string;
  readonly colour?: string;
  /** Dyed there from `start` on. */
  readonly machine?: string;
  /** µs; default 0: as soon as the machine is free. */
  readonly start?: number;
}

/** Stores a lot and its assignment to a machine; without a machine an assignment that is there goes. Errors: DW_NOT_FOUND (recipe, machine). */
export async function storeLot(view: PackView, branch: string, code: string, { machine, start = 0, ...lot }: LotBody): Promise<string> {
  const { recipes, machines } = await documentsOf(view, branch);
  if (!recipes.some((recipe) => recipe.code === lot.recipe)) throw notFound("recipe", lot.recipe);
  if (machine !== undefined && !machines.some(({ name }) => name === machine)) throw notFound("machine", machine);
  const id = `dyeHouse.lot:${code}`;
  const assigned = machine === undefined ? undefined : { lot: code, machine, start };
  const [stored, assignment] = await Promise.all([view.get(id, branch), view.get(`dyeHouse.assignment:${code}`, branch)]);
  const changes = [
    ...changeOf(stored, id, "dyeHouse.lot", { code, ...lot }),
    ...changeOf(assignment, `dyeHouse.assignment:${code}`, "dyeHouse.assignment", assigned),
  ];
  if (changes.length > 0) await view.apply({ branch, reason: `dye house: the lot ${code}`, changes });
  return id;
}

function changeOf(
  before: WorldRecord | undefined,
  id: string,
  kind: string,
  fields: Readonly<Record<string, unknown>> | undefined,
): readonly Change[] {
  if (fields === undefined) return before === undefined ? [] : [{ op: "delete", record: before }];
  if (before === undefined) return [{ op: "create", record: { id, kind, ...fields } as WorldRecord }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(fields)])].filter(
    (name) => name !== "id" && name !== "kind" && name !== "version",
  );
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(fields[name]));
  if (changed.length === 0) return [];
  return [
    { op: "update", id, fields: Object.fromEntries(changed.map((name) => [name, { from: before[name], to: fields[name] }])) as never },
  ];
}
