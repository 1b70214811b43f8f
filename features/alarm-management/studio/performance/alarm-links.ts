import type { Address } from "@doppelwerk/kit/studio";
import { journalSpan } from "./performance-span.ts";

/** The list of alarms that lasted in a time, with the instant of its end shown. */
export function whenLink(from: number, to: number): Partial<Address> {
  return { view: "alarms", detail: `journal/${new URLSearchParams({ w: journalSpan(from, to) })}`, at: to };
}

/** The same, of the alarms with one title alone. */
export function alarmLink(title: string, from: number, to: number): Partial<Address> {
  return { view: "alarms", detail: `journal/${new URLSearchParams({ w: journalSpan(from, to), q: title })}`, at: to };
}
