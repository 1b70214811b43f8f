import { message } from "@doppelwerk/messages";
import { isDid } from "@doppelwerk/trust/credentials";
import { DoppelwerkError } from "@doppelwerk/world";
import type { AccountStore } from "../accounts/account-store.ts";
import { didOfKey } from "../machines/machine-key.ts";
import { MACHINE_ROLES, type MachineStore } from "../machines/machine-store.ts";
import type { IssuedCredential, NewIssued, SubjectKind } from "./credential-store.ts";

export interface AskedCredential {
  readonly kind: SubjectKind;
  readonly machine?: string | undefined;
  readonly account?: string | undefined;
  readonly subject?: string | undefined;
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly company?: string | undefined;
  readonly place?: string | undefined;
  readonly validFrom?: string | undefined;
  readonly validUntil: string;
}

const DAY_MS = 86_400_000;
/** Keys are kept by devices for years; nobody remembers who carries a credential of ten years ago. */
const LIFETIME_MAX_MS = 5 * 366 * DAY_MS;

/** What is to be issued, with what is known here of its subject. Errors: DW_INVALID, DW_NOT_FOUND, DW_CONFLICT. */
export function askedCredential(
  asked: AskedCredential,
  {
    machines,
    accounts,
    nowMs,
    by,
  }: { readonly machines: MachineStore; readonly accounts: AccountStore; readonly nowMs: number; readonly by?: string },
): NewIssued {
  const { kind, company, place, role } = asked;
  const from = new Date(asked.validFrom ?? nowMs);
  const until = new Date(asked.validUntil);
  if (!(until > from) || until.getTime() <= nowMs || until.getTime() - nowMs > LIFETIME_MAX_MS)
    throw new DoppelwerkError("DW_INVALID", message("credentials.validity"));
  const about = kind === "person" ? aboutPerson(asked, accounts) : aboutOther(asked, machines);
  const given = role ?? about.role;
  const isMachine = kind !== "person" && kind !== "company";
  if (isMachine && !(MACHINE_ROLES as readonly string[]).includes(given ?? ""))
    throw new DoppelwerkError("DW_INVALID", message("server.roleNotOfMachine", { role: given ?? "", roles: MACHINE_ROLES.join(", ") }));
  return {
    kind,
    ...(about.subject !== undefined && { subject: about.subject }),
    ...(about.of !== undefined && { of: about.of }),
    ...(about.name !== undefined && { name: about.name }),
    ...(given !== undefined && { role: given }),
    ...(company !== undefined && { company }),
    ...(place !== undefined && { place }),
    validFrom: seconds(from),
    validUntil: seconds(until),
    ...(by !== undefined && { createdBy: by }),
  };
}

type About = Pick<IssuedCredential, "subject" | "of" | "name" | "role">;

function aboutPerson({ account: id, subject }: AskedCredential, accounts: AccountStore): About {
  const account = id === undefined ? undefined : accounts.byId(id);
  if (account === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccount", { id: (id ?? "").slice(0, 100) }));
  return { of: account.id, ...(subject !== undefined && { subject: checkedDid(subject) }) };
}

function aboutOther({ kind, machine: id, subject, name }: AskedCredential, machines: MachineStore): About {
  if (id === undefined || kind === "company") {
    if (name === undefined) throw new DoppelwerkError("DW_INVALID", message("credentials.nameNeeded"));
    return { subject: checkedDid(subject ?? ""), name };
  }
  const machine = machines.byId(id);
  if (machine === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noMachine", { id: id.slice(0, 100) }));
  if (machine.key === undefined) throw new DoppelwerkError("DW_CONFLICT", message("credentials.noKey", { name: machine.name }));
  return { subject: didOfKey(machine.key), of: machine.id, name: name ?? machine.name, role: machine.roles.at(-1)! };
}

function checkedDid(did: string): string {
  if (!isDid(did)) throw new DoppelwerkError("DW_INVALID", message("credentials.noDid", { did: did.slice(0, 200) }));
  return did;
}

/** Of whole seconds, as most read it. */
const seconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

export function stateOf({ revoked, suspended, validFrom, validUntil }: IssuedCredential, nowMs: number) {
  if (revoked !== undefined) return "revoked";
  if (Date.parse(validUntil) <= nowMs) return "expired";
  if (suspended !== undefined) return "suspended";
  return Date.parse(validFrom) > nowMs ? "notYet" : "valid";
}
