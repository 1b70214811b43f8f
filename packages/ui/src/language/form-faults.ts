import { isMessage, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { messageText } from "./catalogues.ts";
import { errorText } from "./error-text.ts";

/** Where the faults of a refused request belong in a form. */
export interface FaultPlaces {
  /** Path in the body of the request → field of the form, where they differ; `value` holds for `value.unit` too. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Code of a refusal as a whole → the field that causes it. */
  readonly codes?: Readonly<Record<string, string>>;
}

/**
 * The faults that a server named, each at its field, in the reader's language: `errors` as `setErrors` of a form takes them, `rest` what no field of the
 * form causes. `fields` are the fields of the form; a path below one of them belongs to it.
 */
export function formFaults(
  error: unknown,
  fields: readonly string[],
  { paths = {}, codes = {} }: FaultPlaces = {},
): { readonly errors: Readonly<Record<string, string>>; readonly rest: string | undefined } {
  if (!(error instanceof DoppelwerkError)) return { errors: {}, rest: errorText(error) };
  const whole = codes[error.reason.code];
  if (whole !== undefined) return { errors: { [whole]: errorText(error) }, rest: undefined };
  const faults = error.reason.code === "messages.faultsOf" ? error.reason.params["faults"] : undefined;
  if (!Array.isArray(faults)) return { errors: {}, rest: errorText(error) };
  const errors: Record<string, string> = {};
  let isWhole = true;
  for (const each of faults as readonly unknown[]) {
    const at = placeOf(each, fields, paths);
    if (at === undefined) isWhole = false;
    else errors[at.field] ??= messageText(at.fault.code, at.fault);
  }
  return { errors, rest: isWhole ? undefined : errorText(error) };
}

function placeOf(
  each: unknown,
  fields: readonly string[],
  paths: Readonly<Record<string, string>>,
): { readonly field: string; readonly fault: Message } | undefined {
  if (!isMessage(each) || each.code !== "messages.faultAt") return undefined;
  const { path, fault } = each.params;
  if (typeof path !== "string" || !isMessage(fault)) return undefined;
  for (let steps = path.split("."); steps.length > 0; steps = steps.slice(0, -1)) {
    const own = steps.join(".");
    const field = paths[own] ?? (fields.includes(own) ? own : undefined);
    if (field !== undefined) return { field, fault };
  }
  return undefined;
}
