import { actOf, type EndpointOptions } from "@doppelwerk/kit";
import type { MessageCode } from "@doppelwerk/messages";
import { PLACE_ACTIONS, type PlaceAction } from "./place-roles-record.ts";

/** Something that roles at places may give, as the contract of a feature declares it. */
export interface PlaceAct {
  /** `FEATURE.ACT` */
  readonly id: string;
  readonly feature: string;
  readonly action: PlaceAction;
  /** Absent: it is called as the action. */
  readonly title?: MessageCode;
  /** Ids of the operations that do it. */
  readonly operations: readonly string[];
}

/** What the operations of the features do at places, by id; generated from their contracts. */
export function placeActsOf(endpoints: readonly EndpointOptions[]): readonly PlaceAct[] {
  const found = new Map<string, PlaceAct>();
  for (const endpoint of endpoints) {
    const [id, { action }] = [actOf(endpoint), endpoint];
    if (id === undefined || !isPlaceAction(action)) continue;
    const known = found.get(id);
    if (known !== undefined && known.action !== action)
      throw new Error(`${endpoint.id} and ${known.operations[0]} are one act, ${id}, of two actions: ${action} and ${known.action}`);
    const feature = id.split(".", 1)[0]!;
    const { title } = endpoint.act ?? {};
    found.set(id, { id, feature, action, ...(title !== undefined && { title }), operations: [...(known?.operations ?? []), endpoint.id] });
  }
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function isPlaceAction(action: string): action is PlaceAction {
  return (PLACE_ACTIONS as readonly string[]).includes(action);
}
