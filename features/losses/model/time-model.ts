import type { HeldReason } from "./reason-tree.ts";
import type { TimeElement } from "./reason-kind.ts";

/**
 * Elements of the planned busy time of a work unit, in the terms of ISO 22400-2: actual production time, unit set-up time, unit delay time (malfunctions,
 * minor stoppages, waits), unit down time (it could produce, and nobody let it); and what is not known.
 */
export interface TimeModel {
  readonly plannedBusyS: number;
  readonly APT: number;
  readonly AUST: number;
  readonly ADET: number;
  readonly ADOT: number;
  readonly unknownS: number;
}

const ELEMENT_OF_STATE: Readonly<Record<string, TimeElement>> = {
  setUp: "AUST",
  failed: "ADET",
  microStop: "ADET",
  blocked: "ADET",
  starved: "ADET",
  idle: "ADOT",
  maintenance: "ADOT",
  off: "ADOT",
  break: "ADOT",
};

/** Of a loss: where its reason places it, else its state; undefined of what is lost while it produces, and of what is not known. */
export function elementOf(
  { state, reason }: { readonly state: string; readonly reason?: string | undefined },
  reasons: ReadonlyMap<string, HeldReason>,
): TimeElement | undefined {
  return (reason === undefined ? undefined : reasons.get(reason)?.fields.element) ?? ELEMENT_OF_STATE[state];
}

/** The elements add up to the planned busy time: APT and unknown time are as they were tallied, the rest is in the rows. */
export function timeModel(
  {
    plannedBusyS,
    actualProductionS,
    unknownS,
  }: { readonly plannedBusyS: number; readonly actualProductionS: number; readonly unknownS: number },
  rows: readonly { readonly seconds: number; readonly element?: TimeElement | undefined }[],
): TimeModel {
  const sumOf = (element: TimeElement): number => rows.reduce((sum, row) => sum + (row.element === element ? row.seconds : 0), 0);
  return { plannedBusyS, APT: actualProductionS, AUST: sumOf("AUST"), ADET: sumOf("ADET"), ADOT: sumOf("ADOT"), unknownS };
}
