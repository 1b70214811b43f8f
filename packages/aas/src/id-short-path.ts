import { message } from "@doppelwerk/messages";
import { error, type Finding } from "./finding.ts";
import type { Submodel, SubmodelElement } from "./metamodel.ts";

/** One step: an idShort, or the index in a SubmodelElementList. */
export type IdShortPathSegment = string | number;

const MAX_SEGMENTS = 512;

/**
 * The steps of an idShortPath (IDTA-01001, Format "Path"): `a.b[0].c` is `["a", "b", 0, "c"]`.
 * A finding (`path`) when it is not of the grammar; idShorts are not held to AASd-002, so that faulty stored models stay reachable.
 */
export function parseIdShortPath(path: string): IdShortPathSegment[] | Finding {
  const segments: IdShortPathSegment[] = [];
  let at = 0;
  while (at < path.length) {
    if (segments.length >= MAX_SEGMENTS) return error("", "path", message("aas.idShortPathTooLong", { max: MAX_SEGMENTS }));
    if (path[at] === "[") {
      const close = path.indexOf("]", at);
      const digits = close < 0 ? "" : path.slice(at + 1, close);
      if (segments.length === 0 || !/^(0|[1-9][0-9]{0,8})$/.test(digits)) return refused(path, at);
      segments.push(Number(digits));
      at = close + 1;
      continue;
    }
    if (segments.length > 0) {
      if (path[at] !== ".") return refused(path, at);
      at++;
    }
    const idShort = /^[^.[\]]+/.exec(path.slice(at))?.[0];
    if (idShort === undefined) return refused(path, at);
    segments.push(idShort);
    at += idShort.length;
  }
  if (segments.length === 0) return error("", "path", message("aas.idShortPathEmpty"));
  return segments;
}

/** The idShortPath of the steps: the inverse of parseIdShortPath. */
export function formatIdShortPath(segments: readonly IdShortPathSegment[]): string {
  let path = "";
  for (const segment of segments) {
    if (typeof segment === "number") path += `[${segment}]`;
    else path += path === "" ? segment : `.${segment}`;
  }
  return path;
}

/** The element at an idShortPath below a submodel or another element; undefined when there is none or the path is not of the grammar. */
export function elementAt(parent: Submodel | SubmodelElement, path: string | readonly IdShortPathSegment[]): SubmodelElement | undefined {
  const segments = typeof path === "string" ? parseIdShortPath(path) : path;
  if ("severity" in segments || segments.length === 0) return undefined;
  let found: Submodel | SubmodelElement | undefined = parent;
  for (const segment of segments) {
    if (found === undefined) return undefined;
    found = childAt(found, segment);
  }
  return found as SubmodelElement | undefined;
}

/**
 * The elements directly below: of a submodel, collection, list, entity (statements) or annotated relationship (annotations).
 * Variables of an operation are not among them (they have no idShortPath).
 */
export function childrenOf(parent: Submodel | SubmodelElement): readonly SubmodelElement[] {
  switch (parent.modelType) {
    case "Submodel":
      return parent.submodelElements ?? [];
    case "SubmodelElementCollection":
    case "SubmodelElementList":
      return parent.value ?? [];
    case "Entity":
      return parent.statements ?? [];
    case "AnnotatedRelationshipElement":
      return parent.annotations ?? [];
    default:
      return [];
  }
}

function childAt(parent: Submodel | SubmodelElement, segment: IdShortPathSegment): SubmodelElement | undefined {
  const children = childrenOf(parent);
  const isList = parent.modelType === "SubmodelElementList";
  if (typeof segment === "number") return isList ? children[segment] : undefined;
  return isList ? undefined : children.find((child) => child.idShort === segment);
}

function refused(path: string, at: number): Finding {
  return error("", "path", message("aas.idShortPathForm", { path: JSON.stringify(path.slice(0, 200)), value: at + 1 }));
}
