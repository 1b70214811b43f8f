import { validate } from "@doppelwerk/aas";
import type { Finding } from "@doppelwerk/aas";

/** The first thing for which the server would refuse it. */
export function firstError(document: Parameters<typeof validate>[0]): Finding | undefined {
  return validate(document).find(({ severity }) => severity === "error");
}
