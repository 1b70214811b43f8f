import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "../error.ts";
import type { EventKey } from "../ports/event-store.ts";
import type { Json } from "../record.ts";

export type EventPayload = { readonly [field: string]: Json | undefined };

/** What the events of one type hold. Types are declared before they are recorded. */
export interface EventKind {
  /** Named after its feature: `alarms.step`. */
  readonly type: string;
  /** Counts from 1. Payloads of earlier versions are brought up when they are read. */
  readonly version: number;
  /** What is wrong with a payload of this version; empty = it is valid. */
  readonly parse?: (payload: EventPayload) => readonly string[];
  /** Step `n` makes a payload of version n + 1 of one of version n: `upcast[1]` from 1 to 2. Pure. */
  readonly upcast?: Readonly<Record<number, (payload: EventPayload) => EventPayload>>;
  /** Top-level fields by which events of this type are found: a text, number, boolean, or a list of them. */
  readonly keys?: readonly string[];
}

/** A serial, a lot, an order number; longer ones are no keys. */
export const MAX_KEY_LENGTH = 200;
/** Of one event, over all its names. */
export const MAX_KEYS = 64;

/** As written and as asked for: PostgreSQL holds no NUL, UTF-8 no half of a surrogate pair. */
export function keyText(value: string | number | boolean): string {
  return String(value)
    .replaceAll("\u0000", "\ufffd")
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

/** Errors: DW_INVALID for a value that is no key. */
export function keysOf(kind: EventKind, payload: EventPayload): readonly EventKey[] {
  const keys: EventKey[] = [];
  for (const name of kind.keys ?? []) {
    const field = payload[name];
    if (field === undefined || field === null) continue;
    for (const value of new Set(Array.isArray(field) ? (field as readonly Json[]) : [field as Json])) {
      if (typeof value === "object") throw refusedKey(kind, name, "is neither text nor number");
      const text = keyText(value);
      if (text.length > MAX_KEY_LENGTH) throw refusedKey(kind, name, `is longer than ${MAX_KEY_LENGTH} characters`);
      keys.push({ name, value: text });
    }
  }
  if (keys.length > MAX_KEYS)
    throw new DoppelwerkError("DW_INVALID", message("world.eventMostKeys", { max: MAX_KEYS, type: kind.type, count: keys.length }));
  return keys;
}

function refusedKey({ type }: EventKind, name: string, why: string): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", message("world.keyEventType", { name, type, why }));
}

/** The payload in the version of the kind, step by step. Throws what a step throws. */
export function upcastPayload(kind: EventKind, version: number, payload: EventPayload): EventPayload {
  let upcast = payload;
  for (let from = version; from < kind.version; from++) {
    const step = kind.upcast?.[from];
    if (step === undefined) throw new Error(`events of type ${kind.type} have no step from version ${from} to ${from + 1}`);
    upcast = step(upcast);
  }
  return upcast;
}
