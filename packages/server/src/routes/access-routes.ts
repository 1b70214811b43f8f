import { endpoint, z } from "@doppelwerk/kit";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, recordOfAasId, type Change, type Principal, type WorldRecord } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { refuseGuests } from "../http/guests.ts";
import { parse } from "../http/query.ts";
import { shownChanges as shownPlaceChanges } from "./shown-place-changes.ts";
import type { WorldOf } from "./request-world.ts";
import { bodyOf } from "../accounts/account-routes.ts";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";
import { accessChanges, type AccessChange } from "../access-rules/access-changes.ts";
import { ACCESS_RULES, accessRulesOf, type AccessRulesRecord } from "../access-rules/rule-record.ts";

const RIGHTS = ["CREATE", "READ", "UPDATE", "DELETE", "EXECUTE"] as const;
const explained = z.strictObject({
  record: z.string().max(2_000),
  right: z.enum(RIGHTS).default("READ"),
  /** Whether a role at the place of the document gives it, too. */
  action: z.string().max(100).optional().describe("an action of places, such as `edit`, or one of a feature, such as `FEATURE.ACT`"),
  /** Of somebody else; for administrators. */
  person: z.string().max(200).optional(),
});

export const peopleShape = z.object({
  people: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        gained: z.int(),
        lost: z.int(),
        examples: z.array(z.object({ id: z.string(), kind: z.string(), change: z.enum(["gained", "lost"]) })).readonly(),
      }),
    )
    .readonly(),
});

export const explainAccess = endpoint({
  id: "kernel.explainAccess",
  route: "GET /access",
  summary:
    "Whether somebody may do something with a document by the access rules, and which rule permits it; who asks, where no person is named",
  action: "read",
  query: explained,
  answer: z.object({
    permitted: z.boolean(),
    /** `rules`: by the rule of that number of the set; `roles`: no access rules decide here; `none`: no rule permits it, or there is no such document. */
    by: z.enum(["rules", "roles", "none"]),
    set: z.string().optional(),
    rule: z.int().optional(),
    /** Of the action, by the roles at places: `role` at `place` gives it, or one of `roles` at one of `places` would. Absent where none decide. */
    atPlace: z
      .object({
        permitted: z.boolean(),
        /** `roles`: by those of the server; `none`: by nobody. */
        by: z.enum(["place", "roles", "none"]),
        role: z.string().optional(),
        place: z.string().optional(),
        roles: z.array(z.string()).readonly().optional(),
        places: z.array(z.string()).readonly().optional(),
        /** The property class of the document that a role is needed for. */
        class: z.string().optional(),
      })
      .optional(),
  }),
  errors: ["DW_FORBIDDEN", "DW_INVALID", "DW_NOT_FOUND"],
});

const newSet = z.strictObject({
  name: z.string().max(200),
  /** The text or JSON form of IDTA-01004 3.0.2. */
  text: z.string().max(1_000_000),
  enabled: z.boolean(),
});
const setShape = newSet.extend({ id: z.string(), /** How many there are in it. */ rules: z.int() });

export const listAccessSets = endpoint({
  id: "kernel.accessSets",
  route: "GET /access/sets",
  summary: "The sets of access rules of live, by name",
  action: "administer",
  answer: z.object({ sets: z.array(setShape).readonly() }),
});

export const createAccessSet = endpoint({
  id: "kernel.createAccessSet",
  route: "POST /access/sets",
  summary: "Add a set of access rules; enabled, it decides at once",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: newSet,
  answer: setShape,
  errors: ["DW_INVALID"],
});

export const changeAccessSet = endpoint({
  id: "kernel.changeAccessSet",
  route: "PUT /access/sets/:set",
  summary: "Change a set of access rules, and enable or disable it",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: newSet,
  answer: setShape,
  errors: ["DW_INVALID", "DW_NOT_FOUND"],
});

export const removeAccessSet = endpoint({
  id: "kernel.removeAccessSet",
  route: "DELETE /access/sets/:set",
  summary: "Remove a set of access rules; without any enabled set roles alone decide",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const previewAccess = endpoint({
  id: "kernel.previewAccess",
  route: "POST /access/preview",
  summary: "Who would gain and lose what to read if these were the sets of access rules; nothing is changed",
  action: "administer",
  body: z.strictObject({ sets: z.array(newSet).max(100) }),
  answer: peopleShape,
  errors: ["DW_INVALID"],
});

export const listAccessChanges = endpoint({
  id: "kernel.accessChanges",
  route: "GET /branches/:branch/access-changes",
  summary:
    "Who would gain and lose what with the access rules and the roles at places of a branch: what to read of shells, submodels with their elements, concept descriptions and signals; and `atPlaces` which action at how many places",
  action: "administer",
  answer: peopleShape.extend({ atPlaces: peopleShape.shape.people }),
  errors: ["DW_NOT_FOUND"],
});

export const accessContract = [
  explainAccess,
  listAccessSets,
  createAccessSet,
  changeAccessSet,
  removeAccessSet,
  previewAccess,
  listAccessChanges,
] as const;

/** `people`: everybody who may connect. */
export function registerAccess(api: FastifyInstance, worldOf: WorldOf, people: () => readonly Principal[]): void {
  const readable = (request: FastifyRequest): ReturnType<WorldOf> => {
    const world = worldOf(request);
    refuseGuests(world.person(request));
    const decision = world.viewOf(request).may("read", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return world;
  };
  const administered = (request: FastifyRequest): ReturnType<WorldOf> => {
    const world = worldOf(request);
    const decision = world.viewOf(request).may("administer", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return world;
  };
  api.get("/access", async (request) => {
    readable(request);
    const {
      record: id,
      right,
      action,
      person,
    } = parse(explained, request.query, message("messages.queryOf", { endpoint: explainAccess.id }));
    const world = person === undefined ? readable(request) : administered(request);
    const principal = person === undefined ? world.person(request) : people().find((each) => each.id === person);
    if (principal === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccount", { id: person! }));
    const found = world.access.explain(principal, right, id);
    // nothing is said of what may not be read
    const record =
      action === undefined || !world.access.explain(principal, "READ", id).permitted ? undefined : recordOf(world, principal, id);
    const atPlace = record && world.places.explain(principal, action!, record);
    return { ...found, ...(atPlace !== undefined && { atPlace }) };
  });
  api.get<{ Params: { readonly branch: string } }>("/branches/:branch/access-changes", async (request) => {
    const world = administered(request);
    const { id } = world.viewOf(request).branch(request.params.branch);
    const { reader, before, after } = world.access.rulesOf(id);
    const atPlaces = shownPlaceChanges(world.places.changesOf(id, people())).people;
    return { ...shownChanges(accessChanges(reader, before, after, people())), atPlaces };
  });
  registerSets(api, administered, people);
}

function registerSets(
  api: FastifyInstance,
  administered: (request: FastifyRequest) => ReturnType<WorldOf>,
  people: () => readonly Principal[],
): void {
  const found = (world: ReturnType<WorldOf>, request: FastifyRequest<{ Params: OfSet }>): AccessRulesRecord => {
    const { set } = request.params;
    const record = world.viewOf(request).reader(LIVE).get(set);
    if (record?.kind !== ACCESS_RULES) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccessSet", { id: set.slice(0, 200) }));
    return record as AccessRulesRecord;
  };
  const write = (request: FastifyRequest, change: Change, what: Message): Promise<unknown> =>
    administered(request)
      .viewOf(request)
      .apply({ branch: LIVE, reason: what, changes: [change] });

  api.get("/access/sets", async (request) => {
    const reader = administered(request).viewOf(request).reader(LIVE);
    const sets = (reader.query({ kind: ACCESS_RULES }) as readonly AccessRulesRecord[]).map(shownSet);
    return { sets: sets.toSorted((a, b) => a.name.localeCompare(b.name, "en")) };
  });
  api.post("/access/sets", async (request) => {
    const world = administered(request);
    const given = parse(newSet, request.body ?? {}, bodyOf(createAccessSet));
    const record = { ...given, id: world.ids.next(ACCESS_RULES), kind: ACCESS_RULES } as const;
    await write(request, { op: "create", record }, message("server.logAccessSetAdded", { name: given.name }));
    return shownSet(record);
  });
  api.put<{ Params: OfSet }>("/access/sets/:set", async (request) => {
    const before = found(administered(request), request);
    const given = parse(newSet, request.body ?? {}, bodyOf(changeAccessSet));
    const fields = Object.fromEntries(
      (["name", "text", "enabled"] as const)
        .filter((name) => before[name] !== given[name])
        .map((name) => [name, { from: before[name], to: given[name] }]),
    );
    if (Object.keys(fields).length > 0)
      await write(request, { op: "update", id: before.id, fields }, message("server.logAccessSetChanged", { name: given.name }));
    return shownSet({ ...before, ...given });
  });
  api.delete<{ Params: OfSet }>("/access/sets/:set", async (request, reply) => {
    const record = found(administered(request), request);
    await write(request, { op: "delete", record }, message("server.logAccessSetRemoved", { name: record.name }));
    return reply.status(204).send();
  });
  api.post("/access/preview", async (request) => {
    const world = administered(request);
    const { sets } = parse(previewAccess.body!, request.body ?? {}, bodyOf(previewAccess));
    const { reader, before, after } = world.access.withSets(sets);
    return shownChanges(accessChanges(reader, before, after, people()));
  });
}

function recordOf(world: ReturnType<WorldOf>, principal: Principal, id: string): WorldRecord | undefined {
  const reader = world.view(principal).reader(LIVE);
  return reader.get(id) ?? recordOfAasId(reader, "shell", id) ?? recordOfAasId(reader, "submodel", id);
}

interface OfSet {
  readonly set: string;
}

function shownSet({ id, name, text, enabled }: Pick<AccessRulesRecord, "id" | "name" | "text" | "enabled">): z.infer<typeof setShape> {
  const read = accessRulesOf(text);
  return { id, name, text, enabled, rules: "rules" in read ? read.rules.length : 0 };
}

function shownChanges(changes: readonly AccessChange[]): z.infer<typeof peopleShape> {
  return {
    people: changes.map(({ principal, gained, lost, examples }) => ({
      id: principal.id,
      name: principal.name,
      gained,
      lost,
      examples: examples.map(({ record, change }) => ({ id: nameOf(record), kind: record.kind, change })),
    })),
  };
}

function nameOf(record: WorldRecord): string {
  const { aasId, name } = record;
  return typeof aasId === "string" ? aasId : typeof name === "string" ? name : record.id;
}
