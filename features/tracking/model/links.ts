import { instantOfRfc3339, type Instant } from "@doppelwerk/world";
import type { EpcisEvent } from "./epcis-event.ts";
import { canonicalIdentifier } from "./identifier.ts";

/**
 * What one thing went into: `made` and `assembled` for good, `packed` until it is taken out again; `unpacked` and `disassembled` end the last one before them,
 * `emptied` ends every one of its container.
 */
export const LINK_KINDS = ["made", "assembled", "packed", "unpacked", "disassembled", "emptied"] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** From a thing into another one. Of `emptied` both are the container. */
export interface Link {
  readonly from: string;
  readonly into: string;
  readonly kind: LinkKind;
}

/** What an event says of things: which it names, and what went into what. */
export interface Tracked {
  readonly at: Instant;
  /** Each once, in the order of the event, as canonical identifiers. */
  readonly things: readonly string[];
  readonly links: readonly Link[];
}

/** Beyond it inputs and outputs meet in a thing of the event's own, so that links grow with their sum and not with their product. */
const MAX_PAIRS = 16;
const MICROSECONDS_UNKNOWN = 0;

/** `key`: what stands for the event where inputs meet outputs. */
export function trackedBy(event: EpcisEvent, key: string): Tracked {
  const things = new Map<string, true>();
  const each = (names: readonly string[] | undefined, classes?: readonly { readonly epcClass: string }[]): readonly string[] => {
    const found = [...new Set([...(names ?? []), ...(classes ?? []).map(({ epcClass }) => epcClass)].map(canonicalIdentifier))];
    for (const name of found) things.set(name, true);
    return found;
  };
  const links = linksOf(event, key, each);
  for (const { from, into } of links) things.set(from, true).set(into, true);
  return { at: instantOfRfc3339(event.eventTime) ?? MICROSECONDS_UNKNOWN, things: [...things.keys()], links };
}

type Each = (names: readonly string[] | undefined, classes?: readonly { readonly epcClass: string }[]) => readonly string[];

function linksOf(event: EpcisEvent, key: string, each: Each): readonly Link[] {
  switch (event.type) {
    case "ObjectEvent":
      each(event.epcList, event.quantityList);
      return [];
    case "TransactionEvent":
      each(event.parentID === undefined ? [] : [event.parentID]);
      each(event.epcList, event.quantityList);
      return [];
    case "TransformationEvent":
      return transformed(
        each(event.inputEPCList, event.inputQuantityList),
        each(event.outputEPCList, event.outputQuantityList),
        event.transformationID === undefined ? undefined : canonicalIdentifier(event.transformationID),
        key,
      );
    case "AggregationEvent":
    case "AssociationEvent":
      return contained(event, each);
  }
}

/** Inputs and outputs of one transformation may come in several events, which its id joins (EPCIS 2.0, 7.4.5). */
function transformed(inputs: readonly string[], outputs: readonly string[], id: string | undefined, key: string): readonly Link[] {
  if (id === undefined && inputs.length * outputs.length <= MAX_PAIRS)
    return inputs.flatMap((from) => outputs.flatMap((into) => (from === into ? [] : [{ from, into, kind: "made" as const }])));
  const middle = id ?? key;
  return [
    ...inputs.map((from) => ({ from, into: middle, kind: "made" as const })),
    ...outputs.map((into) => ({ from: middle, into, kind: "made" as const })),
  ];
}

function contained(event: Extract<EpcisEvent, { readonly type: "AggregationEvent" | "AssociationEvent" }>, each: Each): readonly Link[] {
  const children = each(event.childEPCs, event.childQuantityList);
  if (event.parentID === undefined) return [];
  const into = each([event.parentID])[0]!;
  const isAssembly = event.type === "AssociationEvent";
  if (event.action === "OBSERVE") return [];
  // without children all are meant (EPCIS 2.0, 7.4.3)
  if (event.action === "DELETE" && children.length === 0) return [{ from: into, into, kind: "emptied" }];
  const kind = event.action === "ADD" ? (isAssembly ? "assembled" : "packed") : isAssembly ? "disassembled" : "unpacked";
  return children.filter((from) => from !== into).map((from) => ({ from, into, kind }));
}
