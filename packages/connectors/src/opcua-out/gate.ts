// Who may come in at the twin's OPC UA server: applications by the trust list, people by their role.
import type { Message } from "@doppelwerk/messages";
import { OPCUACertificateManager, OPCUAServer, PermissionType, resolveNodeId, StatusCodes, WellKnownRoles } from "node-opcua";
import type { NodeId, RolePermissionTypeOptions, StatusCode } from "node-opcua";
import { openTrustList } from "../trust/trust-list.ts";
import { openOutReaders } from "./readers.ts";

/** Our roles as the standard's (Part 18, 4.3); more than reading none of them can. */
const ROLES: Readonly<Record<string, WellKnownRoles>> = {
  viewer: WellKnownRoles.Observer,
  operator: WellKnownRoles.Operator,
  engineer: WellKnownRoles.Engineer,
  administrator: WellKnownRoles.ConfigureAdmin,
};

const READ = PermissionType.Browse | PermissionType.Read | PermissionType.ReadHistory | PermissionType.ReceiveEvents;

/** Reading for these roles of ours (absent: for every one), and for whoever does not log in where that is allowed and a viewer may. */
export function permissionsOf(readers: readonly string[] | undefined, anonymous: boolean): RolePermissionTypeOptions[] {
  const roles = Object.keys(ROLES).filter((role) => role === "administrator" || readers === undefined || readers.includes(role));
  const known = roles.map((role) => ROLES[role]!);
  if (anonymous && roles.includes("viewer")) known.push(WellKnownRoles.Anonymous);
  return known.map((role) => ({ roleId: resolveNodeId(role), permissions: READ }));
}

/** Whether one in this role may call methods: more than reading, which the twin decides in each case. */
export function mayCall(role: RolePermissionTypeOptions["roleId"]): boolean {
  return [ROLES["operator"], ROLES["engineer"], ROLES["administrator"]].some(
    (known) => known !== undefined && String(role) === resolveNodeId(known).toString(),
  );
}

export interface Gate {
  readonly serverCertificateManager: OPCUACertificateManager;
  readonly userManager: { isValidUserAsync: LogIn; getUserRoles(name: string): NodeId[] };
  /** Ends the sessions of those who may no longer come in. */
  sweep(server: OPCUAServer): void;
}

type LogIn = (name: string, password: string, answer: (error: Error | null, isAuthorized?: boolean) => void) => void;

export interface GateOptions {
  /** Folder of the connectors: trust list and readers lie in it. */
  readonly dataDir: string;
  readonly pkiFolder: string;
  /** Our own address, said of clients that were met. */
  url(): string;
}

export function createGate({ dataDir, pkiFolder, url }: GateOptions): Gate {
  const trust = openTrustList(dataDir);
  const readers = openOutReaders(dataDir);
  let roles = new Map<string, string>();
  const refused = (certificate: Buffer): Message | undefined => trust.judge(certificate, url(), new Date(), "client");
  return {
    serverCertificateManager: new JudgedCertificates({ rootFolder: pkiFolder, disableFileWatchers: true }, refused),
    userManager: {
      isValidUserAsync(name, password, answer) {
        readers.check(name, password).then((role) => {
          if (role !== undefined) roles.set(name, role);
          answer(null, role !== undefined);
        }, answer);
      },
      // asked for every node that is read; the library adds to the list it is given
      getUserRoles: (name) => (ROLES[roles.get(name) ?? ""] === undefined ? [] : [resolveNodeId(ROLES[roles.get(name)!]!)]),
    },
    sweep(server) {
      roles = new Map(readers.list().map(({ name, role }) => [name, role]));
      for (const session of server.engine.getSessions()) {
        const certificate = session.channel?.clientCertificate;
        const name = (session.userIdentityToken as { readonly userName?: string | null } | undefined)?.userName;
        const known = name === undefined || name === null || roles.has(name);
        if (known && (!certificate || refused(firstOf(certificate)) === undefined)) continue;
        const { channel } = session;
        server.engine.closeSession(session.authenticationToken, true, "Forcing");
        channel?.close();
      }
    },
  };
}

/** Strangers' certificates are judged by our own trust list; the library's folders keep our own key only. */
class JudgedCertificates extends OPCUACertificateManager {
  readonly #refused: (certificate: Buffer) => Message | undefined;

  constructor(options: ConstructorParameters<typeof OPCUACertificateManager>[0], refused: (certificate: Buffer) => Message | undefined) {
    super(options);
    this.#refused = refused;
    this.checkCertificate = ((chain: Buffer | Buffer[], answer?: (error: null, status: StatusCode) => void) => {
      const status = this.#statusOf(firstOf(chain));
      if (answer !== undefined) return answer(null, status);
      return Promise.resolve(status);
    }) as typeof this.checkCertificate;
  }

  #statusOf(certificate: Buffer): StatusCode {
    const why = this.#refused(certificate);
    if (why === undefined) return StatusCodes.Good;
    return why.code === "connectors.certificateExpired" || why.code === "connectors.certificateNotYetValid"
      ? StatusCodes.BadCertificateTimeInvalid
      : StatusCodes.BadCertificateUntrusted;
  }
}

function firstOf(chain: Buffer | Buffer[]): Buffer {
  return Array.isArray(chain) ? (chain[0] ?? Buffer.alloc(0)) : chain;
}
