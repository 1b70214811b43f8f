import { endpoint, z } from "@doppelwerk/kit";
import { ENDINGS, PROOFS } from "../accounts/ending.ts";
import { IDENTITY_KINDS } from "./identity-history.ts";

const STATES = ["open", "waiting", "disabled", "withheld", "expired", "ended"] as const;

/** Times are ISO 8601. */
export const identityShape = z.object({
  id: z.string(),
  kind: z.enum(IDENTITY_KINDS),
  /** Of the person, machine, terminal or connection; absent for a person who was erased. */
  name: z.string().optional(),
  /** Id of the account of a person. */
  person: z.string().optional(),
  state: z.enum(STATES),
  roles: z.array(z.string()).readonly(),
  /** Places at which it has roles, beside those of the server. */
  places: z.array(z.object({ role: z.string(), place: z.string().optional(), until: z.string().optional() })).readonly(),
  /** Since when it is known. */
  since: z.string().optional(),
  enrolledBy: z.string().optional(),
  proof: z.enum(PROOFS),
  did: z.string().optional(),
  issuer: z.string().optional(),
  /** Terminal of a session, place of a terminal, or world of a connection. */
  place: z.string().optional(),
  seen: z.object({ time: z.string(), address: z.string().optional() }).optional(),
  /** Browser of a session, as it names itself. */
  agent: z.string().optional(),
  /** Requests, streams and rooms that a machine has open now, or windows of a link. */
  open: z.int().optional(),
  /** Of an avatar: the session that it is of, and that ends it. */
  session: z.string().optional(),
  /** That it may be ended, or opened again, as itself (`PUT /identities/{identity}/open`). */
  switched: z.boolean().optional(),
  /** did:web under which the DID document of a connection is answered to anybody. */
  publishedAs: z.string().optional(),
  /** Values may be written to the plant by commands. */
  commands: z.boolean().optional(),
  /** That the session is the one that asks. */
  own: z.boolean().optional(),
  ended: z.object({ at: z.string(), by: z.string().optional(), why: z.enum(ENDINGS) }).optional(),
});
export type ShownIdentity = z.infer<typeof identityShape>;

export const identitiesQuery = z.object({
  kind: z.enum(IDENTITY_KINDS).optional(),
  state: z.enum(["now", "ended"]).optional().describe("`now`: what may connect or is connected; `ended`: what was"),
  text: z.string().max(200).optional().describe("In name, address, DID or browser"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

export const listIdentities = endpoint({
  id: "kernel.identities",
  route: "GET /identities",
  people: { as: "administration" },
  summary:
    "Every identity that connects or ever connected: sessions of people and their avatars, machines, terminals, links, connections that the server itself opens; who enrolled it, its rights, when and from where it last spoke, and how it ended",
  action: "administer",
  query: identitiesQuery,
  answer: z.object({
    /** Those that are now first, then those that ended, the newest first. */
    identities: z.array(identityShape).readonly(),
    total: z.int(),
    /** Of all that fit the text, by kind. */
    counts: z.record(z.string(), z.object({ now: z.int(), ended: z.int() })),
    /** Whether access rules of the default world decide what of it is read, beside roles. */
    rules: z.boolean(),
    /** The server has a public name, so that DIDs can be published under it. */
    named: z.boolean(),
  }),
  errors: ["DW_INVALID"],
});

export const switchIdentity = endpoint({
  id: "kernel.switchIdentity",
  route: "PUT /identities/:identity/open",
  summary:
    "End a connection that the server itself opens, or a link: closed when it is answered, and not opened again, over a restart too, until somebody opens it (links never)",
  action: "administer",
  body: z.strictObject({ open: z.boolean() }),
  answer: undefined,
  errors: ["DW_INVALID", "DW_NOT_FOUND", "DW_FORBIDDEN", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const publishIdentity = endpoint({
  id: "kernel.publishIdentity",
  route: "PUT /identities/:identity/published",
  summary: "Answer the DID document of a connection that the server itself opens to anybody (did:web), or no more",
  action: "administer",
  body: z.strictObject({ published: z.boolean() }),
  answer: undefined,
  errors: ["DW_INVALID", "DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const identityContract = [listIdentities, switchIdentity, publishIdentity] as const;
