import { message, type Message } from "@doppelwerk/kit";
import type { StationDefinition } from "@doppelwerk/operations";
import type { AuditTerm, FigureAudit } from "@doppelwerk/ports";
import type {} from "../../message-codes.ts";

/** A figure without its span, which is that of its shift. */
export type FigureOfShift = Omit<FigureAudit, "from" | "to">;

/** Names of figures and terms; the texts are `shifts.audit.NAME` and `shifts.audit.NAMERule`. */
export type AuditName =
  | "actualProduction"
  | "availability"
  | "budget"
  | "countedGood"
  | "effectiveness"
  | "finished"
  | "firstPass"
  | "good"
  | "goodAtStation"
  | "goodIdeal"
  | "ideal"
  | "notObserved"
  | "oee"
  | "perHour"
  | "plannedBusy"
  | "produced"
  | "qualityRatio"
  | "reworked"
  | "reworkedThere"
  | "scrap"
  | "yield";

type More = Partial<Omit<FigureOfShift, "group" | "id" | "title" | "value" | "unit">>;

/** `value` undefined: not known. `station` is what its texts name. */
export function figure(
  [group, id, name]: readonly [FigureAudit["group"], string, AuditName],
  { value, unit, station = "" }: { readonly value: number | undefined; readonly unit: string; readonly station?: string },
  more: More = {},
): FigureOfShift {
  return {
    group,
    id,
    title: textOf(name, station),
    ...(value !== undefined && { value }),
    unit,
    rule: textOf(`${name}Rule`, station),
    terms: [],
    notes: [],
    ...more,
  };
}

export function term(unit: string, name: AuditName, value: number | undefined, of?: string): AuditTerm {
  return { title: textOf(name, ""), ...(value !== undefined && { value }), unit, ...(of !== undefined && { figure: of }) };
}

function textOf(name: string, station: string): Message {
  return message(`shifts.audit.${name}` as "shifts.audit.oee", { station });
}

export type CountedRole = "Total" | "Good" | "Reject" | "PartIn" | "PartOut" | "Product";

/** Raw signals of a station by role, those that it has. */
export function signalsOf({ id, signals }: StationDefinition, ...roles: readonly CountedRole[]): NonNullable<FigureAudit["signals"]> {
  return roles.flatMap((role) => {
    const signal = signals[role]?.id;
    const isCounter = role === "Total" || role === "Good" || role === "Reject";
    const title = message("shifts.audit.signal", { station: id, role });
    return signal === undefined ? [] : [{ signal, title, ...(isCounter && { isCounter }), ...(role === "Product" && { isHeld: true }) }];
  });
}
