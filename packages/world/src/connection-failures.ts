import { isMessage, type Message } from "@doppelwerk/messages";

/** Why there is no connection, by the codes of its messages. They are shown with the message and stand in docs/guide/errors.md. */
export const connectionFailureCodes = [
  "connectors.connectionRefused",
  "connectors.connectionTimedOut",
  "connectors.hostNotFound",
  "connectors.networkUnreachable",
  "connectors.closedByPeer",
  "connectors.portInUse",
  "connectors.tlsCertificate",
  "connectors.tlsNotSpoken",
  "connectors.loginRejected",
  "connectors.otherProtocol",
] as const;

export type ConnectionFailureCode = (typeof connectionFailureCodes)[number];

const codes: ReadonlySet<string> = new Set(connectionFailureCodes);

/** The failure of a connection that a message is, or is the reason of; undefined where it is none. */
export function connectionFailureIn(reason: Message): (Message & { readonly code: ConnectionFailureCode }) | undefined {
  if (codes.has(reason.code)) return reason as Message & { readonly code: ConnectionFailureCode };
  const inner = reason.params["reason"];
  return isMessage(inner) ? connectionFailureIn(inner) : undefined;
}
