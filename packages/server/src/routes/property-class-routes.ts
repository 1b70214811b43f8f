import { endpoint, z } from "@doppelwerk/kit";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type Action, type Change, type Json } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { bodyOf } from "../accounts/account-routes.ts";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";
import { refuseGuests } from "../http/guests.ts";
import { parse } from "../http/query.ts";
import { MAX_APPROVERS, MAX_COVERS, MAX_EXPIRY_MIN, PROPERTY_CLASS, type PropertyClassRecord } from "../property-classes/class-record.ts";
import type { WorldOf } from "./request-world.ts";

const text = z.string().min(1).max(2_000);
const roles = z.array(z.string().min(1).max(100)).max(50);

const newClass = z.strictObject({
  name: z.string().trim().min(1).max(100),
  covers: z
    .array(
      z.union([
        z.strictObject({ /** Of a property, or of what it stands in. */ semanticId: text }),
        z.strictObject({ /** idShorts from the submodel on, with what is below; `*` is any text. */ path: text }),
        z.strictObject({ /** Of documents. */ kind: text }),
        z.strictObject({ /** Id of a connection; `*`: any. */ commands: text }),
      ]),
    )
    .min(1)
    .max(MAX_COVERS),
  /** One of them proposes a change; empty: whoever may propose. */
  propose: roles,
  /** Each who approves has one of them; empty: whoever may approve. */
  approve: roles,
  /** How many different people approve; none of them is the author. */
  approvers: z.int().min(1).max(MAX_APPROVERS),
  /** Minutes; absent: an approval counts until the request changes. */
  expiresAfterMin: z.int().min(1).max(MAX_EXPIRY_MIN).optional(),
  /** Approvals and commands need a fresh proof of presence. */
  presence: z.boolean(),
  /** Changes are written to live without a request, too. */
  directWrites: z.boolean(),
  enabled: z.boolean(),
});
const classShape = newClass.extend({ id: z.string() });

export const listPropertyClasses = endpoint({
  id: "kernel.propertyClasses",
  route: "GET /property-classes",
  summary: "The property classes of live, by name: what needs whose approval",
  action: "read",
  answer: z.object({ classes: z.array(classShape).readonly() }),
});

export const createPropertyClass = endpoint({
  id: "kernel.createPropertyClass",
  route: "POST /property-classes",
  summary: "Add a property class; enabled, it decides at once",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: newClass,
  answer: classShape,
  errors: ["DW_INVALID", "DW_FORBIDDEN", "DW_CONFLICT"],
});

export const changePropertyClass = endpoint({
  id: "kernel.changePropertyClass",
  route: "PUT /property-classes/:class",
  summary: "Change a property class, and enable or disable it",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: newClass,
  answer: classShape,
  errors: ["DW_INVALID", "DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT"],
});

export const removePropertyClass = endpoint({
  id: "kernel.removePropertyClass",
  route: "DELETE /property-classes/:class",
  summary: "Remove a property class: what it covers needs nobody's approval any more",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_FORBIDDEN"],
});

export const propertyClassContract = [listPropertyClasses, createPropertyClass, changePropertyClass, removePropertyClass] as const;

interface OfClass {
  readonly class: string;
}

/** A class that covers property classes is changed by approval alone, whoever asks: the world refuses one that nobody could change again. */
export function registerPropertyClasses(api: FastifyInstance, worldOf: WorldOf): void {
  const allowed = (request: FastifyRequest, action: Action): ReturnType<WorldOf> => {
    const world = worldOf(request);
    refuseGuests(world.person(request));
    const decision = world.viewOf(request).may(action, LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return world;
  };
  const found = (request: FastifyRequest<{ Params: OfClass }>): PropertyClassRecord => {
    const { class: id } = request.params;
    const record = worldOf(request).viewOf(request).reader(LIVE).get(id);
    if (record?.kind !== PROPERTY_CLASS) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noClass", { id: id.slice(0, 200) }));
    return record as PropertyClassRecord;
  };
  const write = (request: FastifyRequest, change: Change, reason: Message): Promise<unknown> =>
    worldOf(request)
      .viewOf(request)
      .apply({ branch: LIVE, reason, changes: [change] });

  api.get("/property-classes", async (request) => {
    const reader = allowed(request, "read").viewOf(request).reader(LIVE);
    const classes = (reader.query({ kind: PROPERTY_CLASS }) as readonly PropertyClassRecord[]).map(shown);
    return { classes: classes.toSorted((a, b) => a.name.localeCompare(b.name, "en")) };
  });
  api.post("/property-classes", async (request) => {
    const world = allowed(request, "administer");
    const given = parse(newClass, request.body ?? {}, bodyOf(createPropertyClass));
    const record = { ...given, id: world.ids.next(PROPERTY_CLASS), kind: PROPERTY_CLASS } as unknown as PropertyClassRecord;
    await write(request, { op: "create", record }, message("server.logClassAdded", { name: given.name }));
    return shown(record);
  });
  api.put<{ Params: OfClass }>("/property-classes/:class", async (request) => {
    allowed(request, "administer");
    const before = found(request);
    const given = parse(newClass, request.body ?? {}, bodyOf(changePropertyClass));
    const names = Object.keys(newClass.shape) as (keyof typeof given)[];
    const fields = Object.fromEntries(
      names
        .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(given[name]))
        .map((name) => [name, { from: before[name] as Json | undefined, to: given[name] as Json | undefined }]),
    );
    if (Object.keys(fields).length > 0)
      await write(request, { op: "update", id: before.id, fields }, message("server.logClassChanged", { name: given.name }));
    return { ...given, id: before.id };
  });
  api.delete<{ Params: OfClass }>("/property-classes/:class", async (request, reply) => {
    allowed(request, "administer");
    const record = found(request);
    await write(request, { op: "delete", record }, message("server.logClassRemoved", { name: record.name }));
    return reply.status(204).send();
  });
}

function shown(record: PropertyClassRecord): z.infer<typeof classShape> {
  const { id, name, covers, propose, approve, approvers, expiresAfterMin, presence, directWrites, enabled } = record;
  return {
    id,
    name,
    propose: [...propose],
    approve: [...approve],
    approvers,
    presence,
    directWrites,
    enabled,
    covers: [...covers] as unknown as z.infer<typeof newClass>["covers"],
    ...(expiresAfterMin !== undefined && { expiresAfterMin }),
  };
}
