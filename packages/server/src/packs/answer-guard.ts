import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type BranchId } from "@doppelwerk/world";
import type { PlantView } from "@doppelwerk/kit/server";

/** Whatever may be the id of a record: it begins with its kind. */
const ANY_ID = /^[a-z][A-Za-z.]{0,60}:\S{1,2048}$/;
/** Ids that this product makes: a kind, then a UUID of version 7 (`signal:0199…`), or a hash for what was imported. */
const OWN_ID = /^[a-z][A-Za-z.]{0,60}:(?:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32})$/;

/**
 * Refuses an answer of a pack with a record that its caller may not read or that is of another world: what a handler remembers of one caller or world never
 * reaches another one as a record. Errors: DW_FORBIDDEN.
 */
export function guardAnswer(answer: unknown, view: PlantView, branch: BranchId, pack: string): void {
  const refuse = (id: string): never => {
    throw new DoppelwerkError("DW_FORBIDDEN", message("packs.answerForeign", { name: pack, id: id.slice(0, 200) }));
  };
  const check = (value: unknown): void => {
    if (typeof value === "string") {
      if (ANY_ID.test(value) && view.hides(branch, value)) refuse(value);
    } else if (Array.isArray(value)) value.forEach(check);
    else if (typeof value === "object" && value !== null) {
      const { id, kind } = value as { readonly id?: unknown; readonly kind?: unknown };
      const isRecord = typeof id === "string" && typeof kind === "string" && OWN_ID.test(id) && id.startsWith(`${kind}:`);
      if (isRecord && view.documents.reader(branch).get(id) === undefined) refuse(id);
      Object.values(value).forEach(check);
    }
  };
  check(answer);
}
