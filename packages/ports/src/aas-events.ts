import type { Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

export const EVENT_TYPES = ["created", "updated", "valueChanged", "deleted"] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Kinds of things that events are about. */
export const EVENT_KINDS = ["shells", "submodels", "elements", "conceptDescriptions"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** The place of an event in the world's log; position −1 = before the first of a revision. */
export interface EventPlace {
  readonly revision: number;
  readonly position: number;
}

/** A CloudEvent 1.0 in its JSON form, as the async AAS specification of Factory-X names and fills it. */
export interface CloudEvent {
  readonly specversion: "1.0";
  /** `revision.position`: unique in the world, and rising. */
  readonly id: string;
  /** URL of what it is about, by the AAS API. */
  readonly source: string;
  readonly type: `io.admin-shell.events.v1.${EventType}`;
  readonly datacontenttype: "application/json";
  readonly dataschema: string;
  readonly time: string;
  readonly semanticid?: string;
  /** The document or element after the change; absent of what was deleted and in slim streams. */
  readonly data?: unknown;
}

export interface AasEventsRequest {
  /** URL of the AAS API in the events. */
  readonly base: string;
  readonly after: EventPlace;
  readonly types?: ReadonlySet<EventType>;
  readonly kinds?: ReadonlySet<EventKind>;
  /** A query for submodels: its JSON, or the text of that in base64url. */
  readonly query?: string | object;
  readonly slim: boolean;
}

/** An AbortSignal of the runtime. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
}

/** What happened to the documents of live, as CloudEvents of the AAS. */
export interface AasEvents {
  /** Errors: DW_INVALID with the place of what is wrong in the query. */
  check(query: string | object): Promise<void>;
  /** Events that the principal may read since a place, and then as they happen, until aborted. Undefined = everything up to now was given. */
  follow(principal: Principal, request: AasEventsRequest, signal: StopSignal): AsyncIterable<CloudEvent | undefined>;
}

export const aasEvents = port<AasEvents>("aas.events", 1);
