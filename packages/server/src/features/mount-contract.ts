import { actOf, type EndpointOptions, type OctetsAnswer } from "@doppelwerk/kit";
import type { HandlerOf, PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { BranchId, Doing, Principal } from "@doppelwerk/world";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuseGuests } from "../http/guests.ts";
import { faultsText } from "../http/query.ts";
import { groupOfFive } from "../privacy/group-of-five.ts";
import { EndpointCall, namedEndpoint, type NamedEndpoint, type RequirePresence } from "./endpoint-call.ts";

export interface MountOptions {
  person(request: FastifyRequest): Principal;
  /** Of the world that the request is about. */
  view(principal: Principal, request: FastifyRequest): PlantView;
  handler(endpoint: EndpointOptions, request: FastifyRequest): HandlerOf<EndpointOptions>;
  /** Of a record of the feature. Throws DW_NOT_FOUND where there is none. */
  branchOf(kind: string, id: string, request: FastifyRequest): BranchId | Promise<BranchId>;
  /** Asks who is logged in for a fresh proof of presence; nothing on a server without accounts. */
  readonly presence: RequirePresence;
  /** Answers are held to the contract too, and a wrong one is a bug: for tests. */
  readonly checkAnswers: boolean;
}

/** One operation of a contract as a route. Access is decided before anything is parsed; the handler gets a view of the one who asks, never more. */
export function mountEndpoint(app: FastifyInstance, endpoint: EndpointOptions, options: MountOptions): void {
  const [method, url] = endpoint.route.split(" ") as [EndpointOptions["route"] extends `${infer M} /${string}` ? M : never, string];
  const config = endpoint.isPublic === true ? { isPublic: true } : {};
  app.route({
    method,
    url,
    config,
    handler: endpoint.isPublic === true ? answeringAnybody(endpoint, options) : answeringOf(endpoint, options),
  });
}

/** Whoever asks what is answered to anybody. */
const ANYBODY: Principal = { id: "person:anonymous", name: "anonymous", verified: false, roles: [] };

/** What is answered to anybody: nothing is decided of who asks, and the view reads nothing. */
function answeringAnybody(
  endpoint: EndpointOptions,
  options: MountOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const { named } = mountedOf(endpoint);
  return async (request, reply) => {
    const handle = options.handler(endpoint, request);
    const call = new EndpointCall(named, options.view(ANYBODY, request), ANYBODY, LIVE, request, reply, options.presence);
    const given: unknown = await handle(call);
    return answer(endpoint, reply.status(call.status), given, options.checkAnswers);
  };
}

/** What answers a request for an operation. */
export function answeringOf(
  endpoint: EndpointOptions,
  options: MountOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const mounted = mountedOf(endpoint);
  // one promise a request, that of the handler: each more would cost as much as a check
  return (request, reply) => {
    if (endpoint.deprecated) markDeprecated(reply, endpoint.deprecated);
    const handle = options.handler(endpoint, request);
    const principal = mounted.doing === undefined ? options.person(request) : { ...options.person(request), doing: mounted.doing };
    if (endpoint.isOpenToGuests !== true) refuseGuests(principal);
    const view = options.view(principal, request);
    const answered = (branch: BranchId): Promise<unknown> => {
      decide(mounted, view, branch, request);
      if (endpoint.presence !== undefined) options.presence(request, endpoint.presence);
      const call = new EndpointCall(mounted.named, view, principal, branch, request, reply, options.presence);
      return handle(call).then(
        (given: unknown) => answer(endpoint, reply.status(call.status), ofPeople(endpoint, given, principal), options.checkAnswers),
        (error: unknown) => {
          throw subjectNotThere(error, mounted, request);
        },
      );
    };
    const branch = branchOf(mounted, request, view, options);
    return typeof branch === "string" ? answered(branch) : branch.then(answered);
  };
}

/** An endpoint with what every request needs of it. */
interface Mounted {
  readonly endpoint: EndpointOptions;
  readonly named: NamedEndpoint;
  /** Kind of the record that names the branch, of `record.KIND`. */
  readonly recordKind: string | undefined;
  readonly branch: PlaceInRequest | undefined;
  readonly subject: PlaceInRequest | undefined;
  readonly doing: Doing | undefined;
}

type PlaceInRequest = readonly [part: "params" | "query" | "body", name: string];

function mountedOf(endpoint: EndpointOptions): Mounted {
  const { branch, subject } = endpoint;
  const recordKind = branch?.startsWith("record.") ? branch.slice("record.".length) : undefined;
  return {
    endpoint,
    named: namedEndpoint(endpoint),
    recordKind,
    branch: branch === undefined || recordKind !== undefined ? undefined : placeOf(branch),
    subject: subject === undefined ? undefined : placeOf(subject),
    doing: doingOf(endpoint),
  };
}

function doingOf(endpoint: EndpointOptions): Doing | undefined {
  const act = actOf(endpoint);
  return act === undefined ? undefined : { action: endpoint.action, act };
}

/** `params.branch` and the like. */
function placeOf(place: string): PlaceInRequest {
  return place.split(".") as unknown as PlaceInRequest;
}

function branchOf(
  { recordKind, branch }: Mounted,
  request: FastifyRequest,
  view: PlantView,
  options: MountOptions,
): BranchId | Promise<BranchId> {
  if (recordKind !== undefined) return branchOfSubject(recordKind, request, view, options);
  return valueAt(branch, request) ?? LIVE;
}

async function branchOfSubject(kind: string, request: FastifyRequest, view: PlantView, options: MountOptions): Promise<BranchId> {
  const { id } = request.params as { readonly id: string };
  const found = await branchOfRecord(kind, id, request, options);
  // a branch that may not be seen has no records either
  if (found === undefined || !view.documents.may("read", found).allowed) throw noSubject(id);
  return found;
}

/** Undefined where there is no such record: that is answered in the same words as one that may not be seen. */
async function branchOfRecord(kind: string, id: string, request: FastifyRequest, options: MountOptions): Promise<BranchId | undefined> {
  try {
    return await options.branchOf(kind, id, request);
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return undefined;
    throw error;
  }
}

/** The text at a place of the request, before it is parsed. */
function valueAt(place: PlaceInRequest | undefined, request: FastifyRequest): string | undefined {
  if (place === undefined) return undefined;
  const value = (request[place[0]] as Record<string, unknown> | null | undefined)?.[place[1]];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function decide({ endpoint, subject: place }: Mounted, view: PlantView, branch: BranchId, request: FastifyRequest): void {
  const { action, isDecidedByRecord } = endpoint;
  const { documents } = view;
  const decision = isDecidedByRecord === true ? documents.mayAnywhere(action, branch) : documents.may(action, branch);
  const subject = valueAt(place, request);
  // who may do it nowhere is told so, whatever he asks for
  if (!decision.allowed && (subject === undefined || !isGivenAt(view, action, branch, subject)))
    throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
  if (subject === undefined) return;
  if (view.hides(branch, subject)) throw noSubject(subject);
  if (isDecidedByRecord === true) return;
  // what is hidden has no place either
  const atPlace = documents.may(action, branch, subject);
  if (!atPlace.allowed) throw new DoppelwerkError("DW_FORBIDDEN", atPlace.why);
}

/** By a role at the place of what he may read. */
function isGivenAt(view: PlantView, action: EndpointOptions["action"], branch: BranchId, subject: string): boolean {
  return branch === LIVE && view.documents.reader(branch).get(subject) !== undefined && view.documents.may(action, branch, subject).allowed;
}

function noSubject(subject: string): DoppelwerkError {
  return new DoppelwerkError("DW_NOT_FOUND", message("server.no", { subject: subject.slice(0, 200) }));
}

/** A handler that finds no subject says it in its own words: then who asks could tell a hidden one from one that is not there. */
function subjectNotThere(error: unknown, { subject: place }: Mounted, request: FastifyRequest): unknown {
  const subject = valueAt(place, request);
  const isIts = error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND" && subject !== undefined;
  return isIts && Object.values(error.reason.params).some((value) => typeof value === "string" && value !== "" && subject.startsWith(value))
    ? noSubject(subject)
    : error;
}

function ofPeople({ people }: EndpointOptions, given: unknown, { id }: Principal): unknown {
  return people?.as === "figures" ? groupOfFive(given, people, id) : given;
}

function answer(endpoint: EndpointOptions, reply: FastifyReply, given: unknown, check: boolean): unknown {
  const shape = reply.statusCode === 202 ? (endpoint.accepted ?? endpoint.answer) : endpoint.answer;
  if (shape === undefined || reply.statusCode === 204) return reply.status(204).send();
  if ("octets" in shape) return sendOctets(reply, given as OctetsAnswer, shape.octets);
  if (check) {
    // as it goes over the wire: what is undefined is not there, what is no number is null
    const checked = shape.safeParse(JSON.parse(JSON.stringify(given ?? null)));
    if (!checked.success)
      throw new Error(`the answer of ${endpoint.id} is not what its contract says: ${faultsText(checked.error, given)}`);
  }
  // what is returned is sent; a reply that is returned would be waited for
  return given === undefined ? reply.send() : given;
}

function sendOctets(reply: FastifyReply, { body, type, headers }: OctetsAnswer, declared: string): FastifyReply {
  reply.header("content-type", type ?? declared);
  for (const [name, value] of Object.entries(headers ?? {})) reply.header(name, value);
  return reply.send(
    body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : Readable.from(body, { objectMode: false }),
  );
}

/** RFC 9745: the instant since when, in seconds since 1970. */
function markDeprecated(reply: FastifyReply, { since, use }: NonNullable<EndpointOptions["deprecated"]>): void {
  reply.header("deprecation", `@${Date.parse(since) / 1_000}`).header("doppelwerk-use", use);
}
