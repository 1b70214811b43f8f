import { endpoint, instant, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import { GrantSelection } from "./model/grant-selection.ts";

/** Times are microseconds since 1970. */
const time = z.int();
const text = z.string().trim().min(1).max(60);

/** What another world may read of this one. */
export const Grant = GrantSelection.extend({
  id: z.string(),
  /** For whom, as a person wrote it. */
  label: z.string(),
  created: time,
  /** The name of who made it. */
  by: z.string(),
  expires: time.optional(),
  isExpired: z.boolean(),
  /** When its key was last used, since this world was opened. */
  used: time.optional(),
  /** What it covers now. */
  covers: z.object({ shells: z.int(), signals: z.int() }),
});
export type Grant = z.output<typeof Grant>;

export const grants = endpoint({
  id: "links.grants",
  route: "GET /grants",
  people: { as: "author" },
  summary: "What other worlds may read of this one",
  action: "administer",
  answer: z.object({ grants: z.array(Grant) }),
});

export const offers = endpoint({
  id: "links.offers",
  route: "GET /grants/offers",
  summary: "Shells that a grant may name, those that hold most first, and how many places are in each",
  action: "administer",
  answer: z.object({ shells: z.array(z.object({ id: z.string(), name: z.string(), contains: z.int() })), more: z.int() }),
});

export const grant = endpoint({
  id: "links.grant",
  route: "POST /grants",
  summary: "Let another world read places with everything in them, shells, or signals; the key is answered once and kept nowhere",
  action: "administer",
  body: GrantSelection.extend({ label: text, expires: instant.optional() }),
  answer: z.object({ grant: Grant, key: z.string() }),
  status: 201,
  errors: ["DW_NOT_FOUND"],
});

export const revoke = endpoint({
  id: "links.revoke",
  route: "DELETE /grants/:grant",
  summary: "Take a grant back: its key reads nothing more from this moment, and what it has open is closed",
  action: "administer",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

/** What the key of a grant opens. */
export const OwnGrant = z.object({
  /** Of the granting world, for good. */
  worldId: z.string(),
  world: z.string(),
  label: z.string(),
  expires: time.optional(),
  covers: Grant.shape.covers,
});
export type OwnGrant = z.output<typeof OwnGrant>;

export const own = endpoint({
  id: "links.own",
  route: "GET /links/own",
  summary: "What the key that comes with the request may read here, and which world this is",
  action: "read",
  answer: OwnGrant,
  errors: ["DW_FORBIDDEN"],
  isOpenToGuests: true,
});

export const file = endpoint({
  id: "links.file",
  route: "GET /links/own/files/:file",
  summary: "Bytes of a file of a granted shell or submodel",
  action: "read",
  answer: { octets: "application/octet-stream" },
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND"],
  isOpenToGuests: true,
});

/** Another world that this one shows. */
export const Link = z.object({
  /** Of its connection. */
  id: z.string(),
  name: z.string(),
  /** Address of the other world. */
  url: z.string(),
  state: z.enum(["connecting", "online", "broken", "refused"]),
  /** Why it is broken or refused. */
  reason: messageShape.optional(),
  /** When the other world was last in contact. */
  lastContact: time.optional(),
  /** Until when it was granted. */
  expires: time.optional(),
  /** Of it here now. */
  shows: Grant.shape.covers,
  /** What of it is not shown, and why. */
  findings: z.array(messageShape),
});
export type Link = z.output<typeof Link>;

export const list = endpoint({
  id: "links.list",
  route: "GET /links",
  summary: "Other worlds that this one shows, and when each was last in contact",
  action: "read",
  answer: z.object({ now: time, links: z.array(Link) }),
});

/** Shells here that other worlds own. */
export const LinkedShells = z.object({
  now: time,
  links: z.array(Link.pick({ id: true, name: true, state: true, lastContact: true }).extend({ shells: z.array(z.string()) })),
});
export type LinkedShells = z.output<typeof LinkedShells>;

export const shells = endpoint({
  id: "links.shells",
  route: "GET /links/shells",
  summary: "AAS ids of the shells here that other worlds own, and when each of these was last in contact",
  action: "read",
  answer: LinkedShells,
});

export const add = endpoint({
  id: "links.add",
  route: "POST /links",
  summary: "Show what another world granted: its shells appear read-only, its values live and with their history",
  action: "administer",
  body: z.strictObject({ url: z.string().trim().min(1).max(2_000), key: z.string().trim().min(1).max(300), name: text.optional() }),
  answer: Link,
  status: 201,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const remove = endpoint({
  id: "links.remove",
  route: "DELETE /links/:link",
  summary: "Show another world no more: what is shown of it here is removed, and the key is forgotten",
  action: "administer",
  subject: "params.link",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});
