// Which submodel and element a request means, below whatever base path it came.

import { message, verbatim } from "@doppelwerk/messages";
import { parseIdShortPath, type IdShortPathSegment, type Submodel } from "@doppelwerk/aas";
import type { AasRequest } from "./route.ts";
import type { AasSource, FoundElement } from "./aas-source.ts";
import { badRequest, notFound } from "./answers.ts";
import { idOf } from "./parameters.ts";
import { shellOf } from "./shell-of-request.ts";

/** The id of the submodel that is meant; below a shell only if the shell refers to it. */
export function submodelIdOf(source: AasSource, request: AasRequest): string {
  const id = idOf(request.params.submodelIdentifier!);
  if (request.params.aasIdentifier === undefined) return id;
  const shell = shellOf(source, request.params.aasIdentifier);
  if (!(shell.submodels ?? []).some((reference) => reference.keys.at(-1)?.value === id))
    throw notFound(message("aasServer.shellNoSubmodel", { id }));
  return id;
}

export function headOf(source: AasSource, request: AasRequest): Submodel {
  const id = submodelIdOf(source, request);
  const head = source.submodelHead(id);
  if (head === undefined) throw notFound(message("aasServer.noSubmodel", { id }));
  return head;
}

export function submodelOf(source: AasSource, request: AasRequest): Submodel {
  const id = submodelIdOf(source, request);
  const submodel = source.submodel(id);
  if (submodel === undefined) throw notFound(message("aasServer.noSubmodel", { id }));
  return submodel;
}

export function elementOf(source: AasSource, request: AasRequest): FoundElement {
  const path = request.params.idShortPath!;
  const id = submodelIdOf(source, request);
  const found = source.element(id, path);
  if (found !== undefined) return found;
  segmentsOf(request);
  if (source.submodelHead(id) === undefined) throw notFound(message("aasServer.noSubmodel", { id }));
  throw notFound(message("aasServer.noElement", { path: path.slice(0, 200) }));
}

export function segmentsOf(request: AasRequest): readonly IdShortPathSegment[] {
  const segments = parseIdShortPath(request.params.idShortPath!);
  if ("severity" in segments) throw badRequest(segments.reason ?? verbatim(segments.message));
  return segments;
}
