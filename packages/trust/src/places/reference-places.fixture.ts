import type { Instant } from "@doppelwerk/world";
import type { PlaceAsked, PlaceAsker, PlaceAssignment, PlaceRole } from "./place-roles.ts";

/** The assignments read one after the other, walking up the tree from each place: what each decision of the compiled ones has to be. */
export function referencePlaces(
  roles: readonly PlaceRole[],
  assignments: readonly PlaceAssignment[],
  parentOf: ReadonlyMap<string, string>,
  asked: PlaceAsked & { readonly asker: PlaceAsker; readonly places: readonly string[]; readonly now: Instant },
): boolean {
  const { asker, actions, classes = [], places, now } = asked;
  const isOwn = ({ who }: PlaceAssignment): boolean => who === asker.id || asker.roles.some((role) => who === `role:${role}`);
  const own = assignments.filter((one) => isOwn(one) && (one.until === undefined || now < one.until));
  const gives = (assignment: PlaceAssignment, of: string | undefined): boolean =>
    roles.some(
      (role) =>
        role.name === assignment.role &&
        role.actions.some((action) => actions.includes(action)) &&
        (role.classes === undefined || (of !== undefined && role.classes.includes(of))),
    );
  const reached = (place: string | undefined, of: string | undefined): boolean => {
    if (own.some((one) => one.place === "*" && gives(one, of))) return true;
    for (let at = place; at !== undefined; at = parentOf.get(at)) if (own.some((one) => one.place === at && gives(one, of))) return true;
    return false;
  };
  for (const of of classes.length === 0 ? [undefined] : classes)
    for (const place of places.length === 0 ? [undefined] : places) if (!reached(place, of)) return false;
  return true;
}
