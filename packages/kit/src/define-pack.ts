import type { AlarmRule, LineDefinition, LocalText } from "@doppelwerk/operations";
import type { LineModel } from "@doppelwerk/sim";
import type { Stage } from "@doppelwerk/scene";
import type { RecordKind, RecordReader, SignalRecord } from "@doppelwerk/world";

/**
 * What a domain brings: how its documents are read, and what they mean to operations, simulation and scene.
 * Everything is a pure function of a branch's records, so that an edit of a property on a branch is the change of the model.
 */
export interface Pack<Plant> {
  /** `discrete-line`: a name in kebab case, unique among packs. */
  readonly id: string;
  readonly title: LocalText;
  /** Record kinds of its own. */
  readonly kinds: readonly RecordKind[];
  /** The plant as the documents of a branch describe it; undefined when they describe none. */
  readPlant(reader: RecordReader): Plant | undefined;
  lineDefinition(plant: Plant, signals: readonly SignalRecord[]): LineDefinition;
  /** The model with nominal values only; history corrects it. */
  nominalLineModel(plant: Plant, options?: { readonly utcOffsetS?: number }): LineModel;
  stage(plant: Plant): Stage;
  defaultAlarmRules(plant: Plant, signals: readonly SignalRecord[]): readonly AlarmRule[];
}

/** Checks the name of a pack and returns it as it is. A pack is defined once, at the load of its module: a bad one is a bug. */
export function definePack<Plant>(pack: Pack<Plant>): Pack<Plant> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(pack.id)) throw new Error(`the id of a pack is in kebab case: ${pack.id}`);
  const kinds = pack.kinds.map((kind) => kind.kind);
  if (new Set(kinds).size !== kinds.length) throw new Error(`the pack ${pack.id} declares a record kind twice`);
  return pack;
}
