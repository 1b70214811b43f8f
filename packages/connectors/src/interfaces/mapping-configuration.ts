import {
  formatIdShortPath,
  semanticIds,
  warning,
  type Finding,
  type IdShortPathSegment,
  type Reference,
  type Submodel,
  type SubmodelElement,
} from "@doppelwerk/aas";
import { message, type Message } from "@doppelwerk/messages";

/** An element of a submodel: AAS id of the submodel, and idShortPath inside it. */
export interface ElementPlace {
  readonly submodel: string;
  readonly path: string;
}

/** The value of a property of an interface is the value of an element. */
export interface Mapping {
  readonly source: ElementPlace;
  readonly sink: ElementPlace;
  /** Seconds; only where the protocol is asked, not where it speaks by itself. */
  readonly pollingS?: number;
}

export interface MappingConfiguration {
  readonly mappings: readonly Mapping[];
  /** Paths are idShortPaths inside the submodel. */
  readonly findings: readonly Finding[];
}

export function isMappingConfiguration(submodel: Submodel): boolean {
  const value = submodel.semanticId?.keys.at(-1)?.value;
  return value === semanticIds.assetInterfacesMapping10 || value === semanticIds.assetInterfacesMapping20;
}

/**
 * Reads an Asset Interfaces Mapping Configuration: 2.0 (IDTA 02027-2-0: sources and sinks) and 1.0 (IDTA 02027-1-0: relations). A transformation is code
 * that a file brings: it is never run, and its mapping is a finding. Never throws.
 */
export function readMappingConfiguration(submodel: Submodel): MappingConfiguration {
  const mappings: Mapping[] = [];
  const findings: Finding[] = [];
  const warn = (path: string, reason: Message): void => void findings.push(warning(path, "mapping", reason));
  const list = childOf(submodel.submodelElements ?? [], "MappingConfigurations");
  for (const [at, configuration] of childrenIn(list).entries()) {
    const path = `MappingConfigurations[${at}]`;
    const children = childrenIn(configuration);
    const relations = childOf(children, "MappingSourceSinkRelations");
    if (relations !== undefined) relationsOf(relations, `${path}.MappingSourceSinkRelations`, mappings, warn);
    else sourcesAndSinks(children, path, mappings, warn);
  }
  return { mappings, findings };
}

type Warn = (path: string, reason: Message) => void;

/** 1.0: each relation leads from a property of an interface to an element. */
function relationsOf(relations: SubmodelElement, path: string, mappings: Mapping[], warn: Warn): void {
  for (const [at, relation] of childrenIn(relations).entries()) {
    if (relation.modelType !== "RelationshipElement" && relation.modelType !== "AnnotatedRelationshipElement") continue;
    const source = placeOf(relation.first);
    const sink = placeOf(relation.second);
    if (source === undefined || sink === undefined) warn(`${path}[${at}]`, message("connectors.relationWithoutEnds"));
    else mappings.push({ source, sink });
  }
}

/** 2.0: one source and one sink, or as many of each with the same ids. */
function sourcesAndSinks(children: readonly SubmodelElement[], path: string, mappings: Mapping[], warn: Warn): void {
  const transformation = childOf(children, "Transformation");
  if (transformation?.modelType === "Blob" && (transformation.value ?? "") !== "")
    return warn(`${path}.Transformation`, message("connectors.transformationLeftOut"));
  const otherwise = secondsOf(children, "DefaultPollingInterval", path, warn);
  const sources = partsOf(children, "Sources", "Source", "SourceId", path, warn);
  const sinks = partsOf(children, "Sinks", "Sink", "SinkId", path, warn);
  if (sources.length === 0 || sinks.length === 0) return;
  for (const [at, source] of sources.entries()) {
    const matching = sources.length === 1 && sinks.length === 1 ? sinks : sinks.filter(({ id }) => id !== undefined && id === source.id);
    if (matching.length === 0) warn(`${path}.Sources[${at}]`, message("connectors.sourceWithoutSink"));
    const pollingS = source.pollingS ?? otherwise;
    for (const sink of matching) mappings.push({ source: source.place, sink: sink.place, ...(pollingS === undefined ? {} : { pollingS }) });
  }
}

interface Part {
  readonly place: ElementPlace;
  readonly id: string | undefined;
  readonly pollingS: number | undefined;
}

function partsOf(
  children: readonly SubmodelElement[],
  list: string,
  name: string,
  idName: string,
  path: string,
  warn: Warn,
): readonly Part[] {
  return childrenIn(childOf(children, list)).flatMap((part, at): Part[] => {
    const own = childrenIn(part);
    const reference = childOf(own, name);
    const place = reference?.modelType === "ReferenceElement" ? placeOf(reference.value) : undefined;
    if (place === undefined) {
      warn(`${path}.${list}[${at}].${name}`, message("connectors.elementReferenceMissing"));
      return [];
    }
    const id = childOf(own, idName);
    const text = id?.modelType === "Property" ? id.value?.trim() : undefined;
    return [{ place, id: text === "" ? undefined : text, pollingS: secondsOf(own, "PollingInterval", `${path}.${list}[${at}]`, warn) }];
  });
}

function secondsOf(children: readonly SubmodelElement[], name: string, path: string, warn: Warn): number | undefined {
  const property = childOf(children, name);
  if (property?.modelType !== "Property" || (property.value ?? "").trim() === "") return undefined;
  const seconds = Number(property.value);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  warn(`${path}.${name}`, message("connectors.intervalPositive", { value: property.value ?? "" }));
  return undefined;
}

/** Undefined when the reference does not lead into a submodel. */
function placeOf(reference: Reference | undefined): ElementPlace | undefined {
  if (reference?.type !== "ModelReference") return undefined;
  const begin = reference.keys.findIndex(({ type }) => type === "Submodel");
  const rest = reference.keys.slice(begin + 1);
  if (begin < 0 || rest.length === 0) return undefined;
  const segments = rest.map(({ value }, at): IdShortPathSegment => {
    const inList = (rest[at - 1]?.type as string | undefined) === "SubmodelElementList";
    return inList && /^\d{1,9}$/.test(value) ? Number(value) : value;
  });
  return { submodel: reference.keys[begin]!.value, path: formatIdShortPath(segments) };
}

function childOf(children: readonly SubmodelElement[], idShort: string): SubmodelElement | undefined {
  return children.find((child) => child.idShort === idShort);
}

function childrenIn(element: SubmodelElement | undefined): readonly SubmodelElement[] {
  return element?.modelType === "SubmodelElementCollection" || element?.modelType === "SubmodelElementList" ? (element.value ?? []) : [];
}
