// An element as a branch shows it: live values in place of design values (P19), plans as qualifiers (P17).

import { isLexical, lexicalOfJson, type Extension, type Qualifier, type SubmodelElement, type ValueType } from "@doppelwerk/aas";
import {
  childElements,
  elementOfFields,
  holdsElements,
  quality,
  type ElementRecord,
  type Json,
  type PlannedValue,
  type RecordId,
  type Sample,
} from "@doppelwerk/world";
import type { LiveValue } from "./aas-source.ts";

/** Names that are written by this API and never stored: whoever sends them back changes nothing. */
export const PLAN_QUALIFIERS = ["PlannedValue", "PlannedEffectiveFrom", "PlannedOwner", "PlannedAction"] as const;
export const LIVE_EXTENSIONS = ["LiveQuality", "LiveSourceTime", "LiveOrigin"] as const;

export interface ShownBy {
  readonly childrenOf: (parent: RecordId) => readonly ElementRecord[];
  /** The last sample of a signal at the branch's time; undefined = nothing ever came. Absent: design values are shown. */
  readonly sample?: (signal: RecordId) => Sample | undefined;
  /** Whether the design value is shown where the signal has no value; absent: never. */
  readonly keepsDesign?: (signal: RecordId) => boolean;
  /** Told every element that is put together, to find its record again. */
  readonly met?: (element: SubmodelElement, record: ElementRecord) => void;
}

/** The element of a record with everything below it. */
export function shownElement(record: ElementRecord, by: ShownBy): SubmodelElement {
  const { modelType, idShort, body, signal } = record;
  const children = holdsElements(modelType) ? by.childrenOf(record.id).map((child) => shownElement(child, by) as unknown as Json) : [];
  const live = signal !== undefined && modelType === "Property" ? liveValueShown(record, signal, by) : undefined;
  const value = live === undefined ? record.value : live.value;
  let element = elementOfFields({ modelType, idShort, value, body }, children) as unknown as SubmodelElement;
  if (live !== undefined) element = { ...element, extensions: [...(element.extensions ?? []), ...liveExtensions(live)] };
  if (by.sample !== undefined && record.planned !== undefined)
    element = { ...element, qualifiers: [...(element.qualifiers ?? []), ...planQualifiers(record)] };
  by.met?.(element, record);
  return element;
}

function liveValueShown(record: ElementRecord, signal: RecordId, { sample, keepsDesign }: ShownBy): LiveValue | undefined {
  if (sample === undefined) return undefined;
  const live = liveValueOf(record, sample(signal));
  return live.value === undefined && keepsDesign?.(signal) === true ? undefined : live;
}

/** What a sample says about a property: bad or missing = no value, never the design value. */
export function liveValueOf(record: ElementRecord, sample: Sample | undefined): LiveValue {
  if (sample === undefined) return { value: undefined, quality: "bad" };
  const sourceTime = new Date(sample.sourceTime / 1000).toISOString();
  const { origin } = sample;
  if (sample.quality === quality.bad) return { value: undefined, quality: "bad", sourceTime, origin };
  const value = lexicalOfSample(sample.value, (record.body["valueType"] ?? "xs:string") as ValueType);
  if (value === undefined) return { value, quality: "bad", sourceTime, origin };
  return { value, quality: sample.quality === quality.good ? "good" : "uncertain", sourceTime, origin };
}

function lexicalOfSample(value: Sample["value"], type: ValueType): string | undefined {
  if (value === undefined) return undefined;
  const exact = typeof value === "number" && !Number.isFinite(value) ? undefined : lexicalOfJson(value, type);
  if (exact !== undefined) return exact;
  const text = typeof value === "boolean" && type !== "xs:string" ? (value ? "1" : "0") : String(value);
  return isLexical(text, type) ? text : undefined;
}

function liveExtensions({ quality: word, sourceTime, origin = "measured" }: LiveValue): Extension[] {
  const extensions: Extension[] = [{ name: LIVE_EXTENSIONS[0], valueType: "xs:string", value: word }];
  if (sourceTime !== undefined) extensions.push({ name: LIVE_EXTENSIONS[1], valueType: "xs:dateTime", value: sourceTime });
  if (origin !== "measured") extensions.push({ name: LIVE_EXTENSIONS[2], valueType: "xs:string", value: origin });
  return extensions;
}

function planQualifiers(record: ElementRecord): Qualifier[] {
  const { value, effectiveFrom, owner, action } = record.planned as PlannedValue;
  const [valueName, fromName, ownerName, actionName] = PLAN_QUALIFIERS;
  const declared = (record.body["valueType"] ?? "xs:string") as ValueType;
  const text = value === null ? undefined : typeof value === "string" ? value : JSON.stringify(value);
  const type = text !== undefined && typeof value === "string" && isLexical(text, declared) ? declared : "xs:string";
  const qualifier = (name: string, valueType: ValueType, shown: string | undefined): Qualifier => ({
    kind: "ValueQualifier",
    type: name,
    valueType,
    ...(shown !== undefined && { value: shown }),
  });
  return [
    qualifier(valueName, type, text),
    qualifier(fromName, isLexical(effectiveFrom, "xs:dateTime") ? "xs:dateTime" : "xs:string", effectiveFrom),
    qualifier(ownerName, "xs:string", owner),
    qualifier(actionName, "xs:string", action),
  ];
}

/** The element, and everything below it, without what this API adds when it shows one; the same object where there is nothing of that. */
export function storable<E extends { readonly modelType: string }>(element: E): E {
  let next = without(element as unknown as JsonFields, "qualifiers", "type", PLAN_QUALIFIERS);
  next = without(next, "extensions", "name", LIVE_EXTENSIONS);
  const children = childElements(element);
  let clean: SubmodelElement[] | undefined;
  for (let i = 0; i < children.length; i++) {
    const child = storable(children[i]!);
    if (child !== children[i]) (clean ??= [...children])[i] = child;
  }
  if (clean !== undefined) next = { ...next, [childField(next)]: clean };
  return next as unknown as E;
}

type JsonFields = Readonly<Record<string, unknown>>;

/** The element without the items of a list that have a reserved name, and without the list where no other is in it. */
function without(json: JsonFields, list: "qualifiers" | "extensions", key: string, reserved: readonly string[]): JsonFields {
  const items = json[list] as readonly JsonFields[] | undefined;
  const left = items?.filter((item) => !reserved.includes(item[key] as string));
  if (items === undefined || left!.length === items.length) return json;
  const { [list]: _all, ...rest } = json;
  return left!.length === 0 ? rest : { ...rest, [list]: left };
}

function childField(json: JsonFields): string {
  return ["submodelElements", "statements", "annotations"].find((name) => json[name] !== undefined) ?? "value";
}
