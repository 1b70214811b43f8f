import { endpoint, localText, z } from "@doppelwerk/kit";
import { message, textsOf, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type Change, type Json, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { bodyOf } from "../accounts/account-routes.ts";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";
import { parse } from "../http/query.ts";
import type { PlaceAct } from "../place-roles/place-acts.ts";
import { MAX_ASSIGNMENTS, MAX_ROLES, PLACE_ACTIONS, PLACE_ROLES, type PlaceRolesRecord } from "../place-roles/place-roles-record.ts";
import { peopleShape } from "./access-routes.ts";
import { shownChanges } from "./shown-place-changes.ts";
import type { WorldOf } from "./request-world.ts";

const text = z.string().min(1).max(500);
const newSet = z.strictObject({
  name: z.string().max(200),
  /** Beside viewer, operator and engineer, which may be given at places too. */
  roles: z
    .array(
      z.strictObject({
        name: text,
        actions: z
          .array(text)
          .max(200)
          .describe("actions of places, and of features (`FEATURE.ACT`); `GET /place-roles/actions` lists them"),
        classes: z.array(text).max(50).optional().describe("names of property classes that it is for; without: whatever it is"),
      }),
    )
    .max(MAX_ROLES),
  assignments: z
    .array(
      z.strictObject({
        who: text.describe("`person:…`, `machine:…`, or `role:engineer`: whoever has that role of the server"),
        role: text,
        place: text.describe(
          "record id of the shell of a place, with all that is in it; `*`: the whole world, and what stands in no place",
        ),
        until: z.iso.datetime().optional(),
      }),
    )
    .max(MAX_ASSIGNMENTS),
  enabled: z.boolean(),
  otherwise: z
    .enum(["deny", "roles"])
    .default("deny")
    .describe("what no assignment gives: refused, or left to the roles of the server; one enabled set that refuses is enough"),
});
const setShape = newSet.extend({ id: z.string() });
const administered = { action: "administer", presence: ADMINISTRATION_PRESENCE_S } as const;

export const listPlaceRoles = endpoint({
  id: "kernel.placeRoles",
  route: "GET /place-roles",
  summary: "The sets of roles at places of live, by name",
  action: "administer",
  answer: z.object({ sets: z.array(setShape).readonly() }),
});

export const listPlaceActs = endpoint({
  id: "kernel.placeActs",
  route: "GET /place-roles/actions",
  summary: "What roles at places may give: the actions of the server, and those that features declare, with the operations that do them",
  action: "administer",
  answer: z.object({
    actions: z.array(z.enum(PLACE_ACTIONS)).readonly(),
    acts: z
      .array(
        z.object({
          id: z.string(),
          feature: z.string(),
          action: z.enum(PLACE_ACTIONS),
          title: localText.optional(),
          operations: z.array(z.string()).readonly(),
        }),
      )
      .readonly(),
  }),
});

export const createPlaceRoles = endpoint({
  id: "kernel.createPlaceRoles",
  route: "POST /place-roles",
  summary: "Add a set of roles at places; enabled, what no assignment gives is refused at once",
  ...administered,
  body: newSet,
  answer: setShape,
  errors: ["DW_INVALID", "DW_FORBIDDEN"],
});

export const changePlaceRoles = endpoint({
  id: "kernel.changePlaceRoles",
  route: "PUT /place-roles/:set",
  summary: "Change a set of roles at places, and enable or disable it",
  ...administered,
  body: newSet,
  answer: setShape,
  errors: ["DW_INVALID", "DW_FORBIDDEN", "DW_NOT_FOUND"],
});

export const removePlaceRoles = endpoint({
  id: "kernel.removePlaceRoles",
  route: "DELETE /place-roles/:set",
  summary: "Remove a set of roles at places; without any enabled set the roles of the server alone decide",
  ...administered,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_FORBIDDEN"],
});

export const previewPlaceRoles = endpoint({
  id: "kernel.previewPlaceRoles",
  route: "POST /place-roles/preview",
  summary: "Who would gain and lose which action at how many places if these were the sets; nothing is changed",
  action: "administer",
  body: z.strictObject({ sets: z.array(newSet).max(100) }),
  answer: peopleShape,
  errors: ["DW_INVALID"],
});

export const placeRolesContract = [
  listPlaceRoles,
  listPlaceActs,
  createPlaceRoles,
  changePlaceRoles,
  removePlaceRoles,
  previewPlaceRoles,
] as const;

interface OfSet {
  readonly set: string;
}

/** `people`: everybody who may connect. */
export function registerPlaceRoles(api: FastifyInstance, worldOf: WorldOf, people: () => readonly Principal[]): void {
  const allowed = (request: FastifyRequest): ReturnType<WorldOf> => {
    const world = worldOf(request);
    const decision = world.viewOf(request).may("administer", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return world;
  };
  const found = (request: FastifyRequest<{ Params: OfSet }>): PlaceRolesRecord => {
    const { set } = request.params;
    const record = allowed(request).viewOf(request).reader(LIVE).get(set);
    if (record?.kind !== PLACE_ROLES) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noPlaceRoles", { id: set.slice(0, 200) }));
    return record as PlaceRolesRecord;
  };
  /** A role with an action that nothing does would give less than it seems to. */
  const knownActs = (world: ReturnType<WorldOf>, given: z.infer<typeof newSet>): z.infer<typeof newSet> => {
    const known = new Set<string>([...PLACE_ACTIONS, ...world.placeActs().map(({ id }) => id)]);
    const unknown = given.roles.flatMap(({ actions }) => actions).find((action) => !known.has(action));
    if (unknown !== undefined)
      throw new DoppelwerkError("DW_INVALID", message("server.placeRoleAction", { action: unknown.slice(0, 100) }));
    return given;
  };
  const write = (request: FastifyRequest, change: Change, reason: Message): Promise<unknown> =>
    allowed(request)
      .viewOf(request)
      .apply({ branch: LIVE, reason, changes: [change] });

  api.get("/place-roles", async (request) => {
    const reader = allowed(request).viewOf(request).reader(LIVE);
    const sets = (reader.query({ kind: PLACE_ROLES }) as readonly PlaceRolesRecord[]).map(shown);
    return { sets: sets.toSorted((a, b) => a.name.localeCompare(b.name, "en")) };
  });
  api.get("/place-roles/actions", async (request) => ({ actions: PLACE_ACTIONS, acts: allowed(request).placeActs().map(shownAct) }));
  api.post("/place-roles", async (request) => {
    const world = allowed(request);
    const given = knownActs(world, parse(newSet, request.body ?? {}, bodyOf(createPlaceRoles)));
    const record = { ...given, id: world.ids.next(PLACE_ROLES), kind: PLACE_ROLES } as unknown as PlaceRolesRecord;
    await write(request, { op: "create", record }, message("server.logPlaceRolesAdded", { name: given.name }));
    return shown(record);
  });
  api.put<{ Params: OfSet }>("/place-roles/:set", async (request) => {
    const before = found(request);
    const given = knownActs(allowed(request), parse(newSet, request.body ?? {}, bodyOf(changePlaceRoles)));
    const fields = Object.fromEntries(
      (["name", "roles", "assignments", "enabled", "otherwise"] as const)
        .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(given[name]))
        .map((name) => [name, { ...(before[name] !== undefined && { from: before[name] as Json }), to: given[name] as unknown as Json }]),
    );
    if (Object.keys(fields).length > 0)
      await write(request, { op: "update", id: before.id, fields }, message("server.logPlaceRolesChanged", { name: given.name }));
    return { ...given, id: before.id };
  });
  api.delete<{ Params: OfSet }>("/place-roles/:set", async (request, reply) => {
    const record = found(request);
    await write(request, { op: "delete", record }, message("server.logPlaceRolesRemoved", { name: record.name }));
    return reply.status(204).send();
  });
  api.post("/place-roles/preview", async (request) => {
    const world = allowed(request);
    const { sets } = parse(previewPlaceRoles.body!, request.body ?? {}, bodyOf(previewPlaceRoles));
    return shownChanges(world.places.changes(sets as never, people()));
  });
}

function shown({ id, name, roles, assignments, enabled, otherwise = "deny" }: PlaceRolesRecord): z.infer<typeof setShape> {
  return { id, name, roles: roles as never, assignments: assignments as never, enabled, otherwise };
}

function shownAct({ title, ...act }: PlaceAct): z.infer<typeof listPlaceActs.answer>["acts"][number] {
  return title === undefined ? act : { ...act, title: textsOf({ code: title, params: {} } as Message) };
}
