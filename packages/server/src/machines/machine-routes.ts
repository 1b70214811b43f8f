import type { IncomingMessage } from "node:http";
import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bodyOf } from "../accounts/account-routes.ts";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";
import { parse } from "../http/query.ts";
import { didOfKey } from "./machine-key.ts";
import type { Machines } from "./machines.ts";
import { isUsable, MACHINE_KINDS, MACHINE_ROLES, stateOf, type Machine } from "./machine-store.ts";

const roles = z.array(z.enum(MACHINE_ROLES)).min(1);
const machineShape = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()).readonly(),
  kind: z.enum(MACHINE_KINDS),
  /** `withheld`: the credential by which it came in does not hold; why is in `withheld`. */
  state: z.enum(["active", "waiting", "disabled", "withheld", "expired"]),
  /** How it shows who it is; absent until it does. */
  credential: z.enum(["key", "token"]).optional(),
  /** DID of the issuer of the credential by which it came in. */
  issuer: z.string().optional(),
  withheld: z.object({ since: z.string(), reason: z.string() }).optional(),
  /** Whether its DID document is published. */
  published: z.boolean(),
  /** did:key of its own key. */
  did: z.string().optional(),
  /** ISO 8601, as all times here. */
  created: z.string(),
  /** Name of who added it; absent for the command line, and for who is gone. */
  createdBy: z.string().optional(),
  expires: z.string().optional(),
  /** until when its code may be redeemed; absent where none waits. */
  codeUntil: z.string().optional(),
  seen: z.object({ time: z.string(), address: z.string() }).optional(),
  /** Certificates that hold, by until when. */
  certificates: z.array(z.object({ kind: z.enum(["tls", "opcua"]), until: z.string() })).readonly(),
  /** Requests, streams and rooms that it has open now. */
  open: z.int(),
});
const newMachine = z.strictObject({
  name: z.string().max(200),
  kind: z.enum(MACHINE_KINDS).optional(),
  roles,
  expires: z.iso.datetime().optional(),
});
const changes = z.strictObject({
  name: z.string().max(200).optional(),
  roles: roles.optional(),
  disabled: z.boolean().optional(),
  published: z.boolean().optional(),
  /** null: it does not expire. */
  expires: z.iso.datetime().nullable().optional(),
});
const enrolment = z.strictObject({ code: z.string().max(100) });
const enrolledShape = machineShape.pick({ id: true, name: true, roles: true, did: true, expires: true });
/** By an assertion that the key signs, or by the certificate of the connection and the name of its machine. */
const grant = z.union([
  z.object({
    grant_type: z.literal("client_credentials"),
    client_assertion_type: z.literal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
    client_assertion: z.string().max(4_096),
  }),
  z.object({ grant_type: z.literal("client_credentials"), client_id: z.string().min(1).max(200) }),
]);
const certificateWanted = z.strictObject({
  /** `tls`: MQTT and HTTPS; `opcua`: RSA keys alone. */
  kind: z.enum(["tls", "opcua"]).optional(),
  /** PKCS #10 (PEM) of another key; default: for the key that is enrolled. */
  request: z.string().max(20_000).optional(),
});
const certificateShape = z.object({
  /** PEM. */
  certificate: z.string(),
  authority: z.string(),
  from: z.string(),
  until: z.string(),
  /** When another is due. */
  renew: z.string(),
});

export const listMachines = endpoint({
  id: "kernel.machines",
  route: "GET /machines",
  people: { as: "administration" },
  summary: "Machines that may connect: roles, state, who added them, when they last asked, what they have open",
  action: "administer",
  answer: z.object({ machines: z.array(machineShape).readonly() }),
  errors: ["DW_NOT_FOUND"],
});

export const createMachine = endpoint({
  id: "kernel.createMachine",
  route: "POST /machines",
  summary: "Add a machine; it connects once it has a key or a token",
  action: "administer",
  body: newMachine,
  answer: machineShape,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_NOT_FOUND"],
});

export const offerMachineCode = endpoint({
  id: "kernel.offerMachineCode",
  route: "POST /machines/:machine/code",
  summary: "A code with which the machine enrols a key of its own, once, within 15 minutes",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: z.object({ machine: machineShape, /** Shown once. */ code: z.string() }),
  errors: ["DW_NOT_FOUND"],
});

export const giveMachineToken = endpoint({
  id: "kernel.giveMachineToken",
  route: "POST /machines/:machine/token",
  summary: "An access token for programs that can only send a header, good for a year at most; what it had before holds no more",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: z.object({ machine: machineShape, /** Shown once. */ token: z.string() }),
  errors: ["DW_NOT_FOUND"],
});

export const changeMachine = endpoint({
  id: "kernel.changeMachine",
  route: "PATCH /machines/:machine",
  summary: "Change name, roles, expiry, or whether it may connect; what it has open ends where it may do less",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: changes,
  answer: machineShape,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_NOT_FOUND"],
});

export const removeMachine = endpoint({
  id: "kernel.removeMachine",
  route: "DELETE /machines/:machine",
  summary: "The machine connects no more, and what it has open ends; its changes stay with an opaque id",
  action: "administer",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const enrolMachine = endpoint({
  id: "kernel.enrolMachine",
  route: "POST /machines/enrolment",
  summary: "Redeem the code of a machine with the key that signs the DPoP proof of this request (RFC 9449)",
  action: "read",
  body: enrolment,
  answer: enrolledShape,
  errors: ["DW_UNAUTHENTICATED", "DW_NOT_FOUND", "DW_CONFLICT", "DW_TOO_OFTEN", "DW_INVALID"],
});

export const issueMachineToken = endpoint({
  id: "kernel.issueMachineToken",
  route: "POST /machines/token",
  summary:
    "OAuth 2.0 token endpoint: client credentials by private_key_jwt (RFC 7523), bound to the key by DPoP (RFC 9449), or by the certificate of the connection and bound to it (RFC 8705); a form, and errors as RFC 6749, 5.2",
  action: "read",
  body: grant,
  answer: z.object({ access_token: z.string(), token_type: z.enum(["DPoP", "Bearer"]), expires_in: z.int() }),
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID"],
});

export const certifyMachine = endpoint({
  id: "kernel.certifyMachine",
  route: "POST /machines/certificate",
  summary:
    "The machine that asks gets a certificate of this server's authority for its key, for mutual TLS and OPC UA; again before it expires",
  action: "read",
  body: certificateWanted,
  answer: certificateShape,
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID", "DW_FORBIDDEN", "DW_NOT_FOUND"],
});

export const revokeMachineCertificates = endpoint({
  id: "kernel.revokeMachineCertificates",
  route: "DELETE /machines/:machine/certificates",
  summary: "Revoke the certificates of a machine: what it has open here ends, elsewhere with the next revocation list",
  action: "administer",
  answer: z.object({ revoked: z.int() }),
  errors: ["DW_NOT_FOUND"],
});

export const machinesContract = [
  listMachines,
  createMachine,
  offerMachineCode,
  giveMachineToken,
  changeMachine,
  removeMachine,
  enrolMachine,
  issueMachineToken,
  certifyMachine,
  revokeMachineCertificates,
] as const;

/** What is answered to a machine that is not known yet. */
export const publicMachineContract = [enrolMachine, issueMachineToken] as const;
export const PUBLIC_MACHINE_ENDPOINTS: readonly string[] = publicMachineContract.map(({ route }) => route);

interface Named {
  readonly machine: string;
}

export interface MachineRoutesOptions {
  /** Undefined on a server without accounts, which answers its own machine alone. */
  readonly machines: Machines | undefined;
  /** Errors: DW_UNAUTHENTICATED, DW_FORBIDDEN. */
  administrator(request: FastifyRequest): Principal;
  nameOf(account: string): string | undefined;
  /** Of a machine that came in by a credential: that it gets no more than that gives. */
  recheck?(machine: Machine): Promise<void>;
}

export function registerMachines(api: FastifyInstance, { machines: opened, administrator, nameOf, recheck }: MachineRoutesOptions): void {
  const machinesHere = (): Machines => {
    if (opened === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccountsHere"));
    return opened;
  };
  const administered = (request: FastifyRequest): Machines => {
    const machines = machinesHere();
    administrator(request);
    return machines;
  };
  const shown = (machine: Machine): z.infer<typeof machineShape> => shownOf(machine, machinesHere(), nameOf);

  api.get("/machines", async (request) => ({ machines: administered(request).store.list().map(shown) }));
  api.post("/machines", async (request) => {
    const { store } = administered(request);
    const { expires, kind, ...given } = parse(newMachine, request.body ?? {}, bodyOf(createMachine));
    const createdBy = administrator(request).id;
    return shown(store.create({ ...given, createdBy, ...(kind !== undefined && { kind }), ...(expires !== undefined && { expires }) }));
  });
  api.post<{ Params: Named }>("/machines/:machine/code", async (request, reply) => {
    const { machine } = request.params;
    const code = administered(request).offerCode(machine);
    reply.header("cache-control", "no-store");
    return { machine: shown(machinesHere().store.byId(machine)!), code };
  });
  api.post<{ Params: Named }>("/machines/:machine/token", async (request, reply) => {
    const { machine } = request.params;
    const token = administered(request).giveToken(machine);
    reply.header("cache-control", "no-store");
    return { machine: shown(machinesHere().store.byId(machine)!), token };
  });
  api.patch<{ Params: Named }>("/machines/:machine", async (request) => {
    const machines = administered(request);
    const change = parse(changes, request.body ?? {}, bodyOf(changeMachine));
    const machine = machines.store.update(request.params.machine, (before) => changed(before, change));
    if (change.roles !== undefined || !isUsable(machine, Date.now())) machines.end(machine.id);
    await recheck?.(machine);
    return shown(machines.store.byId(machine.id) ?? machine);
  });
  api.delete<{ Params: Named }>("/machines/:machine", async (request, reply) => {
    administered(request).remove(request.params.machine, administrator(request).id);
    return reply.status(204).send();
  });
  registerMachineCertificates(api, machinesHere, administered);
  api.post("/machines/enrolment", async (request) => {
    const { code } = parse(enrolment, request.body ?? {}, bodyOf(enrolMachine));
    const machine = await machinesHere().enrol(asked(request), request.ip, code);
    const { id, name, roles: held, did, expires } = shown(machine);
    return { id, name, roles: held, ...(did !== undefined && { did }), ...(expires !== undefined && { expires }) };
  });
  void api.register(async (tokens) => {
    tokens.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string", bodyLimit: 20_000 }, (_, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body as string))),
    );
    tokens.post("/machines/token", async (request, reply) => {
      reply.header("cache-control", "no-store");
      try {
        const given = parse(grant, request.body ?? {}, bodyOf(issueMachineToken));
        if ("client_id" in given) return await machinesHere().issueByCertificate(asked(request), given.client_id);
        return await machinesHere().issue(asked(request), given.client_assertion);
      } catch (error) {
        return oauthError(reply, error);
      }
    });
  });
}

function registerMachineCertificates(
  api: FastifyInstance,
  machinesHere: () => Machines,
  administered: (request: FastifyRequest) => Machines,
): void {
  api.delete<{ Params: Named }>("/machines/:machine/certificates", async (request) => ({
    revoked: administered(request).revokeCertificates(request.params.machine),
  }));
  api.post("/machines/certificate", async (request, reply) => {
    const machines = machinesHere();
    if (!machines.isOfMachine(request)) throw new DoppelwerkError("DW_FORBIDDEN", message("server.certificateOfMachines"));
    const { kind = "tls", request: signed } = parse(certificateWanted, request.body ?? {}, bodyOf(certifyMachine));
    reply.header("cache-control", "no-store");
    return machines.certify(machines.machineOf(request), { kind, request: signed });
  });
}

/** RFC 6749, 5.2; what is not the client's fault is an error as everywhere. */
function oauthError(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof DoppelwerkError) || !["DW_UNAUTHENTICATED", "DW_INVALID"].includes(error.code)) throw error;
  const isRequest = error.code === "DW_INVALID";
  return reply
    .status(isRequest ? 400 : 401)
    .send({ error: isRequest ? "invalid_request" : "invalid_client", error_description: error.message });
}

/** What Node.js read of the request, which has the address that was asked for. */
const asked = (request: FastifyRequest): IncomingMessage & { readonly originalUrl?: string } => request.raw;

function changed(before: Machine, { name, roles: next, disabled, published, expires }: z.infer<typeof changes>): Machine {
  const { disabled: _, expires: __, published: ___, ...rest } = before;
  const until = expires === undefined ? before.expires : (expires ?? undefined);
  if (before.token !== undefined && until === undefined) throw new DoppelwerkError("DW_INVALID", message("server.machineTokenNeedsExpiry"));
  return {
    ...rest,
    name: name ?? before.name,
    roles: next ?? before.roles,
    ...((disabled ?? before.disabled === true) && { disabled: true as const }),
    ...((published ?? before.published === true) && { published: true as const }),
    ...(until !== undefined && { expires: until }),
  };
}

function shownOf(machine: Machine, machines: Machines, nameOf: (account: string) => string | undefined): z.infer<typeof machineShape> {
  const {
    id,
    name,
    kind = "machine",
    roles: held,
    created,
    createdBy,
    expires,
    enrolment: code,
    key,
    token,
    seen,
    presented,
    withheld,
  } = machine;
  const by = createdBy === undefined ? undefined : nameOf(createdBy);
  const nowMs = Date.now();
  return {
    id,
    name,
    kind,
    roles: held,
    state: stateOf(machine, nowMs),
    published: machine.published === true,
    created,
    certificates: machines.certificatesOf(id),
    open: machines.openOf(id),
    ...(key !== undefined && { credential: "key" as const, did: didOfKey(key) }),
    ...(token !== undefined && { credential: "token" as const }),
    ...(presented !== undefined && { issuer: presented.issuer }),
    ...(withheld !== undefined && { withheld }),
    ...(by !== undefined && { createdBy: by }),
    ...(expires !== undefined && { expires }),
    ...(code !== undefined && Date.parse(code.expires) > nowMs && { codeUntil: code.expires }),
    ...(seen !== undefined && { seen }),
  };
}
