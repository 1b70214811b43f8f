import { endpoint, z } from "@doppelwerk/kit";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";
import { MACHINE_ROLES } from "../machines/machine-store.ts";
import { MAX_AGE_HOURS, SUBJECT_KINDS } from "./credential-store.ts";

// Times are ISO 8601.

const shortText = z.string().trim().min(1).max(60);
const did = z.string().max(500);
const CREDENTIAL_MAX = 20_000;

export const issuedShape = z.object({
  id: z.string(),
  kind: z.enum(SUBJECT_KINDS),
  state: z.enum(["valid", "notYet", "expired", "suspended", "revoked"]),
  subject: z.string().optional(),
  name: z.string().optional(),
  role: z.string().optional(),
  company: z.string().optional(),
  place: z.string().optional(),
  validFrom: z.string(),
  validUntil: z.string(),
  created: z.string(),
  /** Name of who issued it; absent for the command line, and for who is gone. */
  createdBy: z.string().optional(),
  /** When it was revoked or suspended, and by whom. */
  ended: z.object({ at: z.string(), by: z.string().optional() }).optional(),
});

export const trustedShape = z.object({
  id: z.string(),
  did: z.string(),
  name: z.string(),
  types: z.array(z.string()).readonly(),
  role: z.enum(MACHINE_ROLES),
  hosts: z.array(z.string()).readonly(),
  /** Whether its keys are kept here, instead of asking its host. */
  pinned: z.boolean(),
  maxAgeHours: z.number(),
  disabled: z.boolean(),
  /** Machines that came in by its credentials. */
  machines: z.int(),
  created: z.string(),
  createdBy: z.string().optional(),
});

export const newIssued = z.strictObject({
  kind: z.enum(SUBJECT_KINDS),
  machine: z
    .string()
    .max(100)
    .describe("Id of an enrolled machine that it is about: its DID, name and role are taken from there")
    .optional(),
  account: z.string().max(100).describe("Id of the account of the person that it is about").optional(),
  subject: did.describe("DID of whoever it is about, for others than machines of this server").optional(),
  name: shortText.optional(),
  role: shortText.describe("Of a machine: viewer, operator or engineer").optional(),
  company: shortText.optional(),
  place: shortText.optional(),
  validFrom: z.iso.datetime({ offset: true }).optional(),
  validUntil: z.iso.datetime({ offset: true }),
});

const types = z.array(z.string().min(1).max(200)).min(1).max(20);
export const newTrusted = z.strictObject({
  did,
  name: shortText,
  types,
  role: z.enum(MACHINE_ROLES),
  document: z.looseObject({ id: z.string() }).describe("DID document, taken instead of asking the host of the DID").optional(),
  hosts: z.array(z.string().max(300)).max(10).describe("Hosts of status lists, beside that of a did:web").optional(),
  maxAgeHours: z.number().min(1).max(MAX_AGE_HOURS).default(24),
});
export const changedTrusted = z.strictObject({
  name: shortText.optional(),
  types: types.optional(),
  role: z.enum(MACHINE_ROLES).optional(),
  hosts: z.array(z.string().max(300)).max(10).optional(),
  maxAgeHours: z.number().min(1).max(MAX_AGE_HOURS).optional(),
  disabled: z.boolean().optional(),
});

const administered = { action: "administer", presence: ADMINISTRATION_PRESENCE_S } as const;

export const listCredentials = endpoint({
  id: "kernel.credentials",
  route: "GET /credentials",
  people: { as: "administration" },
  summary: "The DID of this server, the credentials that it issued, and the issuers that it trusts",
  action: "administer",
  answer: z.object({
    did: z.string(),
    /** Name by which others reach it; absent while it is not published. */
    publishedAs: z.string().optional(),
    issued: z.array(issuedShape).readonly(),
    trusted: z.array(trustedShape).readonly(),
  }),
});

export const publishServer = endpoint({
  id: "kernel.publishServer",
  route: "PUT /credentials/publication",
  summary: "The name under which this server is did:web and publishes its status lists; null takes it back. Credentials name it for good",
  ...administered,
  body: z.strictObject({ host: z.string().max(300).nullable() }),
  answer: z.object({ did: z.string() }),
  errors: ["DW_INVALID"],
});

export const issueCredential = endpoint({
  id: "kernel.issueCredential",
  route: "POST /credentials",
  summary: "Issue a Verifiable Credential (W3C VCDM 2.0 as VC-JWT) about a machine, person or company",
  ...administered,
  body: newIssued,
  answer: z.object({ credential: issuedShape, /** VC-JWT, `application/vc+jwt`. */ text: z.string() }),
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_NOT_FOUND"],
});

export const readCredentialText = endpoint({
  id: "kernel.credentialText",
  route: "GET /credentials/:credential/text",
  summary: "The text of a credential that was issued (VC-JWT)",
  action: "administer",
  answer: z.object({ text: z.string() }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const suspendCredential = endpoint({
  id: "kernel.suspendCredential",
  route: "PUT /credentials/:credential/suspension",
  summary: "Suspend a credential until it is taken up again; what came in by it ends within a second",
  ...administered,
  body: z.strictObject({ suspended: z.boolean() }),
  answer: issuedShape,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const revokeCredential = endpoint({
  id: "kernel.revokeCredential",
  route: "POST /credentials/:credential/revocation",
  summary: "Revoke a credential for good; what came in by it ends within a second",
  ...administered,
  answer: issuedShape,
  errors: ["DW_NOT_FOUND"],
});

export const verifyCredential = endpoint({
  id: "kernel.verifyCredential",
  route: "POST /credentials/verification",
  summary: "Whether a credential holds here now: of whom, what it says, and why not",
  action: "administer",
  body: z.strictObject({ credential: z.string().max(CREDENTIAL_MAX) }),
  answer: z.object({
    holds: z.boolean(),
    /** Code, place and text of what does not hold. */
    refused: z.object({ code: z.string(), where: z.string(), reason: z.string() }).optional(),
    issuer: z.string().optional(),
    issuerName: z.string().optional(),
    types: z.array(z.string()).readonly().optional(),
    subject: z.record(z.string(), z.unknown()).optional(),
    validUntil: z.string().optional(),
    /** When its status was read. */
    statusAt: z.string().optional(),
  }),
  errors: ["DW_INVALID"],
});

export const trustIssuer = endpoint({
  id: "kernel.trustIssuer",
  route: "POST /trusted-issuers",
  summary: "Take credentials of an issuer: which types, and what machines that show them may be at most",
  ...administered,
  body: newTrusted,
  answer: trustedShape,
  errors: ["DW_INVALID", "DW_CONFLICT"],
});

export const changeTrustedIssuer = endpoint({
  id: "kernel.changeTrustedIssuer",
  route: "PATCH /trusted-issuers/:issuer",
  summary: "Change what is taken of an issuer; machines that may do less have what they opened ended",
  ...administered,
  body: changedTrusted,
  answer: trustedShape,
  errors: ["DW_INVALID", "DW_NOT_FOUND"],
});

export const distrustIssuer = endpoint({
  id: "kernel.distrustIssuer",
  route: "DELETE /trusted-issuers/:issuer",
  summary: "Take no credentials of an issuer any more; machines that came in by them connect no more",
  ...administered,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const challengePresentation = endpoint({
  id: "kernel.challengePresentation",
  route: "POST /machines/presentation/challenge",
  summary: "What a machine of another company puts into its presentation, once, within five minutes",
  action: "read",
  answer: z.object({ nonce: z.string(), audience: z.string(), /** Seconds. */ expires_in: z.int() }),
  errors: ["DW_NOT_FOUND"],
});

export const presentMachine = endpoint({
  id: "kernel.presentMachine",
  route: "POST /machines/presentation",
  summary:
    "Enrol a machine by a Verifiable Presentation (VP-JWT) of a credential of a trusted issuer, signed with the key that signs the DPoP proof of this request",
  action: "read",
  body: z.strictObject({ presentation: z.string().max(300_000) }),
  answer: z.object({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.string()).readonly(),
    did: z.string(),
    expires: z.string().optional(),
  }),
  errors: ["DW_UNAUTHENTICATED", "DW_FORBIDDEN", "DW_CONFLICT", "DW_TOO_OFTEN", "DW_INVALID", "DW_UNAVAILABLE", "DW_NOT_FOUND"],
});

/** What is answered to a machine that is not known yet. */
export const publicCredentialContract = [challengePresentation, presentMachine] as const;
export const PUBLIC_CREDENTIAL_ENDPOINTS: readonly string[] = publicCredentialContract.map(({ route }) => route);

export const credentialContract = [
  listCredentials,
  publishServer,
  issueCredential,
  readCredentialText,
  suspendCredential,
  revokeCredential,
  verifyCredential,
  trustIssuer,
  changeTrustedIssuer,
  distrustIssuer,
  ...publicCredentialContract,
] as const;
