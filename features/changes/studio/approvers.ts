import type { MergeRequest } from "@doppelwerk/client";
import type { Translate } from "@doppelwerk/kit/studio";

/** Whose approval a request was merged with, by name; what an author approved for himself says so. */
export function approversOf({ approvals }: Pick<MergeRequest, "approvals">, t: Translate): string {
  return approvals
    .filter(({ valid }) => valid)
    .map(({ name, solo }) => (solo === true ? `${name} (${t("changes.solo.badge")})` : name))
    .join(", ");
}
