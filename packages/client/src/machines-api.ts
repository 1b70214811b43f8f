import type { AccountRole } from "./accounts-api.ts";
import type { Requester } from "./request.ts";

export type MachineRole = Exclude<AccountRole, "administrator">;

export interface ListedMachine {
  readonly id: string;
  readonly name: string;
  readonly kind: "machine" | "edge" | "connector" | "service" | "assistant";
  readonly roles: readonly MachineRole[];
  /** `withheld`: the credential by which it came in does not hold. */
  readonly state: "active" | "waiting" | "disabled" | "withheld" | "expired";
  /** Absent until it has a key or a token. */
  readonly credential?: "key" | "token";
  /** did:key of its own key. */
  readonly did?: string;
  /** DID of the issuer of the credential by which it came in. */
  readonly issuer?: string;
  readonly withheld?: { readonly since: string; readonly reason: string };
  /** Whether its DID document is published. */
  readonly published: boolean;
  /** ISO 8601, as all times here. */
  readonly created: string;
  readonly createdBy?: string;
  readonly expires?: string;
  readonly codeUntil?: string;
  /** Those that hold, by until when. */
  readonly certificates?: readonly { readonly kind: "tls" | "opcua"; readonly until: string }[];
  readonly seen?: { readonly time: string; readonly address: string };
  /** Requests, streams and rooms that it has open now. */
  readonly open: number;
}

export interface MachineCalls {
  machines(call?: { readonly signal?: unknown }): Promise<readonly ListedMachine[]>;
  createMachine(machine: {
    readonly name: string;
    readonly kind?: ListedMachine["kind"];
    readonly roles: readonly MachineRole[];
    readonly expires?: string;
  }): Promise<ListedMachine>;
  /** To enrol a key with, once, within 15 minutes. */
  offerMachineCode(id: string): Promise<{ readonly machine: ListedMachine; readonly code: string }>;
  /** Sent with each request, as it is. */
  giveMachineToken(id: string): Promise<{ readonly machine: ListedMachine; readonly token: string }>;
  changeMachine(
    id: string,
    change: {
      readonly name?: string;
      readonly roles?: readonly MachineRole[];
      readonly disabled?: boolean;
      readonly published?: boolean;
      readonly expires?: string | null;
    },
  ): Promise<ListedMachine>;
  /** They hold no more, and what the machine has open ends. */
  revokeMachineCertificates(id: string): Promise<{ readonly revoked: number }>;
  removeMachine(id: string): Promise<void>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function machineCalls(requester: Requester): MachineCalls {
  const path = (id: string): string => `/machines/${encodeURIComponent(id)}`;
  return {
    async machines(call) {
      const { machines } = await requester.json<{ readonly machines: readonly ListedMachine[] }>("GET", "/machines", call);
      return machines;
    },
    createMachine: (machine) => requester.json("POST", "/machines", { body: machine }),
    offerMachineCode: (id) => requester.json("POST", `${path(id)}/code`, { body: {} }),
    giveMachineToken: (id) => requester.json("POST", `${path(id)}/token`, { body: {} }),
    changeMachine: (id, change) => requester.json("PATCH", path(id), { body: change }),
    revokeMachineCertificates: (id) => requester.json("DELETE", `${path(id)}/certificates`),
    removeMachine: (id) => requester.json("DELETE", path(id)),
  };
}
