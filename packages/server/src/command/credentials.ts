import { readFileSync } from "node:fs";
import { join } from "node:path";
import { enrolByPresentation, machineKeyOf, printAnswer, worldOfServer, type MachineJwk } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { isOwned, openDataFolder } from "@doppelwerk/storage/files";
import { didOfKey, multibaseOf, presentCredentials, publicKeyOf, type PublicKey } from "@doppelwerk/trust/credentials";
import { DoppelwerkError } from "@doppelwerk/world";
import { AccountStore, accountsPath } from "../accounts/account-store.ts";
import { openCredentials, type Credentials } from "../compose/open-credentials.ts";
import { checkIssuer, hostOf, verdictOf } from "../credentials/credential-routes.ts";
import { MAX_AGE_HOURS, type SubjectKind } from "../credentials/credential-store.ts";
import { askedCredential, stateOf } from "../credentials/issue.ts";
import { signerOf } from "../credentials/node-signatures.ts";
import { MACHINE_ROLES, MachineStore, type MachineRole } from "../machines/machine-store.ts";
import { machinesPath } from "../machines/machines.ts";

export interface CredentialsCommandOptions {
  readonly data: string;
  readonly json?: boolean;
}

const DAY_MS = 86_400_000;

export async function listCredentials(options: CredentialsCommandOptions): Promise<void> {
  await opened(options, ({ store, issuer }) => {
    const issued = store.issued.map((each) => ({ ...each, state: stateOf(each, Date.now()) }));
    const lines = [
      `issued as ${issuer.did}`,
      ...issued.map(({ id, kind, state, name = "", validUntil }) => `${id} ${kind.padEnd(9)} ${state.padEnd(9)} ${validUntil} ${name}`),
      "trusted",
      ...store.trusted.map(
        ({ name, did, role, types, disabled }) =>
          `${name.padEnd(24)} ${role.padEnd(9)} ${types.join(", ")} ${did}${disabled ? " (disabled)" : ""}`,
      ),
    ];
    printAnswer(options, { did: issuer.did, issued, trusted: store.trusted }, lines.join("\n"));
  });
}

export async function publish(host: string, options: CredentialsCommandOptions): Promise<void> {
  await changed(options, ({ issuer }) => {
    issuer.publishAs(host);
    printAnswer(options, { did: issuer.did }, `this server is ${issuer.did} once it is reached at https://${host}`);
  });
}

export interface IssueOptions extends CredentialsCommandOptions {
  readonly kind: SubjectKind;
  readonly subject?: string;
  readonly role?: string;
  readonly company?: string;
  readonly place?: string;
  readonly days: number;
}

export async function issue(name: string, options: IssueOptions): Promise<void> {
  const { data, kind, subject, role, company, place, days } = options;
  await changed(options, ({ store, issuer }) => {
    if (store.publishedAs === undefined) throw new DoppelwerkError("DW_CONFLICT", message("credentials.notPublished"));
    const machines = new MachineStore(machinesPath(data));
    const accounts = new AccountStore(accountsPath(data));
    const asked = {
      kind,
      name,
      subject,
      role,
      company,
      place,
      validUntil: new Date(Date.now() + days * DAY_MS).toISOString(),
      ...(kind === "person" ? { account: accounts.byLogin(name)?.id } : subject === undefined && { machine: machines.byName(name)?.id }),
    };
    const issued = store.issue(askedCredential(asked, { machines, accounts, nowMs: Date.now() }));
    const text = issuer.textOf(issued);
    printAnswer(options, { ...issued, text }, text);
  });
}

export async function revoke(id: string, options: CredentialsCommandOptions): Promise<void> {
  await changed(options, ({ store }) => {
    const { revoked } = store.change(id, (before) => ({ ...before, revoked: before.revoked ?? { at: new Date().toISOString() } }));
    printAnswer(options, { id, revoked }, `${id} is revoked since ${revoked!.at}`);
  });
}

/** Ends with 1 for one that does not hold. A server may run on the folder meanwhile. */
export async function verify(file: string, options: CredentialsCommandOptions): Promise<void> {
  await opened(options, async ({ checks }) => {
    const verdict = await verdictOf(checks, textOf(file));
    const { holds, refused, issuer, issuerName, types, subject, validUntil, statusAt } = verdict;
    const lines = holds
      ? [
          `holds`,
          `issuer ${issuerName ?? "this server"} ${issuer}`,
          `types ${types!.join(", ")}`,
          `until ${validUntil ?? "–"}`,
          `status of ${statusAt ?? "–"}`,
          JSON.stringify(subject),
        ]
      : [`does not hold: ${refused!.reason} (${refused!.code})`];
    printAnswer(options, verdict, lines.join("\n"));
    if (!holds) process.exitCode = 1;
  });
}

export interface TrustOptions extends CredentialsCommandOptions {
  readonly name: string;
  readonly type: readonly string[];
  readonly role: string;
  readonly document?: string;
  readonly host?: readonly string[];
  readonly maxAge: number;
}

export async function trust(did: string, options: TrustOptions): Promise<void> {
  const { name, type, role, document: file, host, maxAge } = options;
  if (!(MACHINE_ROLES as readonly string[]).includes(role))
    throw new DoppelwerkError("DW_INVALID", message("server.roleNotOfMachine", { role, roles: MACHINE_ROLES.join(", ") }));
  const document = file === undefined ? undefined : documentOf(file);
  checkIssuer(did, document);
  await changed(options, ({ store }) => {
    const trusted = store.trust({
      did,
      name,
      types: type,
      role: role as MachineRole,
      maxAgeHours: Math.min(Math.max(1, maxAge), MAX_AGE_HOURS),
      ...(document !== undefined && { document }),
      ...(host !== undefined && { hosts: host.map(hostOf) }),
    });
    printAnswer(options, trusted, `${name} is trusted: machines that show ${type.join(", ")} are ${role} at most`);
  });
}

export async function distrust(did: string, options: CredentialsCommandOptions): Promise<void> {
  await changed(options, ({ store }) => {
    const found = store.trusted.find((each) => each.did === did);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("credentials.noIssuer", { id: did.slice(0, 100) }));
    store.distrust(found.id);
    printAnswer(options, { distrusted: did }, `${found.name} is trusted no more`);
  });
}

export async function printDid(options: { readonly key: string; readonly json?: boolean }): Promise<void> {
  const did = didOfKey(publicOf(await machineKeyOf(options.key), options.key));
  printAnswer(options, { did }, did);
}

export async function present(
  file: string,
  options: { readonly server: string; readonly key: string; readonly json?: boolean },
): Promise<void> {
  const credential = textOf(file);
  const machine = await enrolByPresentation(worldOfServer(options.server).baseUrl, options.key, (jwk, { nonce, audience }) => {
    const key = publicOf(jwk, options.key);
    const did = didOfKey(key);
    return presentCredentials(
      [credential],
      { audience, nonce, nowMs: Date.now() },
      signerOf({ ...jwk }, key, `${did}#${multibaseOf(key)}`),
    );
  });
  printAnswer(
    options,
    machine,
    `${machine.name} is enrolled with the roles ${machine.roles.join(", ")} as\n  ${machine.did ?? machine.id}`,
  );
}

function publicOf(jwk: MachineJwk, path: string): PublicKey {
  const key = publicKeyOf(jwk);
  if (key === undefined) throw new DoppelwerkError("DW_INVALID", message("server.machineFileNotRead", { path }));
  return key;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("server.fileNotRead", { path: file, reason: (error as Error).message }));
  }
}

function documentOf(file: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(textOf(file))) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_INVALID", message("server.fileNotRead", { path: file, reason: (error as Error).message }));
  }
}

async function opened(options: CredentialsCommandOptions, use: (credentials: Credentials) => void | Promise<void>): Promise<void> {
  const accounts = new AccountStore(accountsPath(options.data));
  const onFault = (error: unknown): never => {
    throw error;
  };
  await use(
    await openCredentials({ data: options.data, now: () => Date.now(), onFault, nameOf: (account) => accounts.byId(account)?.name }),
  );
}

/** Of a folder that no server runs on: one that does has them in memory. Errors: DW_CONFLICT. */
async function changed(options: CredentialsCommandOptions, change: (credentials: Credentials) => void): Promise<void> {
  const { data } = options;
  if (isOwned(join(data, "lease.sqlite"))) throw new DoppelwerkError("DW_CONFLICT", message("credentials.serverRuns", { data }));
  const folder = await openDataFolder(data, { owner: `doppelwerk credentials ${process.pid}` });
  try {
    await opened(options, change);
  } finally {
    await folder.close();
  }
}
