import { AttributeIds, BrowseDirection, DataValue, NodeClass, NodeId, ReferenceTypeIds, StatusCodes, resolveNodeId } from "node-opcua";
import type { BrowseDescriptionLike, BrowseResult as NodeReferences, ReferenceDescription } from "node-opcua";
import type { Link, ServerLimits } from "./link.ts";

/** What says that a call asked for too much at once (Part 4, 7.39). */
const TOO_MUCH = /BadTooManyOperations|BadRequestTooLarge|BadResponseTooLarge|BadEncodingLimitsExceeded|BadTcpMessageTooLarge/;

export function isTooMuch(error: unknown): boolean {
  return error instanceof Error && TOO_MUCH.test(error.message);
}

/**
 * Asks for all items in calls of at most so many. A call that the server refuses as too large is asked again in halves, and no later one is larger:
 * what servers declare is not always what they take. One item that is too large by itself is `refused`.
 */
export async function inPieces<T, R>(
  items: readonly T[],
  limits: ServerLimits,
  limit: keyof ServerLimits,
  ask: (piece: readonly T[]) => Promise<readonly R[]>,
  refused: () => R,
): Promise<R[]> {
  const results: R[] = [];
  while (results.length < items.length) {
    const piece = items.slice(results.length, results.length + limits[limit]);
    try {
      const answers = await ask(piece);
      // an answer of another length is none: it would shift all that follow
      for (let n = 0; n < piece.length; n++) results.push(answers.length === piece.length ? answers[n]! : refused());
    } catch (error) {
      if (!isTooMuch(error)) throw error;
      if (piece.length === 1) results.push(refused());
      else limits[limit] = Math.max(1, piece.length >> 1);
    }
  }
  return results;
}

export function readAll(
  link: Link,
  nodes: readonly { readonly nodeId: NodeId | string; readonly attributeId: AttributeIds }[],
): Promise<DataValue[]> {
  return inPieces(
    nodes,
    link.limits,
    "nodesPerRead",
    (piece) => link.session.read([...piece]),
    () => new DataValue({ statusCode: StatusCodes.BadResponseTooLarge }),
  );
}

/** References of each node, to the end of every continuation point. A node that cannot be browsed has none. */
export async function references(
  link: Link,
  nodeIds: readonly NodeId[],
  referenceTypeId: number = ReferenceTypeIds.HierarchicalReferences,
  inverse = false,
): Promise<ReferenceDescription[][]> {
  const descriptions = nodeIds.map((nodeId): BrowseDescriptionLike => ({
    nodeId,
    referenceTypeId: resolveNodeId(`i=${referenceTypeId}`),
    browseDirection: inverse ? BrowseDirection.Inverse : BrowseDirection.Forward,
    includeSubtypes: true,
    nodeClassMask: inverse ? 0 : NodeClass.Object | NodeClass.Variable | NodeClass.Method,
    resultMask: 63,
  }));
  const browse = async (piece: readonly BrowseDescriptionLike[]): Promise<(ReferenceDescription[] | undefined)[]> => {
    const answers: NodeReferences[] = await link.session.browse([...piece]);
    const all: (ReferenceDescription[] | undefined)[] = [];
    for (const answer of answers) all.push(await whole(link, answer));
    return all;
  };
  const found = await inPieces<BrowseDescriptionLike, ReferenceDescription[] | undefined>(
    descriptions,
    link.limits,
    "nodesPerBrowse",
    browse,
    () => [],
  );
  // a server has few continuation points, and some have one: who got none is asked alone, when the others are done
  for (const [n, references] of found.entries()) if (references === undefined) found[n] = (await browse([descriptions[n]!]))[0];
  return found.map((references) => references ?? []);
}

/** Undefined where the server had no continuation point left, or lost it. */
async function whole(
  link: Link,
  { statusCode, references, continuationPoint }: NodeReferences,
): Promise<ReferenceDescription[] | undefined> {
  if (statusCode.equals(StatusCodes.BadNoContinuationPoints)) return undefined;
  const found = [...(references ?? [])];
  let next = continuationPoint;
  while (next !== undefined && next !== null && next.length > 0) {
    const more = await link.session.browseNext(next, false);
    if (more.statusCode.equals(StatusCodes.BadContinuationPointInvalid)) return undefined;
    found.push(...(more.references ?? []));
    next = more.continuationPoint;
  }
  return found;
}

/** `i=…`, `s=…`, `g=…` or `b=…`. */
export function identifierOf(nodeId: NodeId): string {
  return nodeId.toString().replace(/^ns=\d+;/, "");
}
