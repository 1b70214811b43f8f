import { message, verbatim, type Message } from "@doppelwerk/messages";
import { connectionFailureIn, type ConnectionFailureCode } from "@doppelwerk/world";

/** What systems and Node call their errors of sockets and names (`errno`), of TLS, of certificates (OpenSSL) and of PostgreSQL's logins (SQLSTATE). */
const BY_ERROR_CODE: ReadonlyMap<string, ConnectionFailureCode> = new Map(
  (
    [
      ["connectors.connectionRefused", ["ECONNREFUSED"]],
      ["connectors.connectionTimedOut", ["ETIMEDOUT", "ESOCKETTIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]],
      ["connectors.hostNotFound", ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME"]],
      ["connectors.networkUnreachable", ["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL"]],
      ["connectors.closedByPeer", ["ECONNRESET", "ECONNABORTED", "EPIPE"]],
      ["connectors.portInUse", ["EADDRINUSE"]],
      ["connectors.tlsNotSpoken", ["EPROTO"]],
      ["connectors.loginRejected", ["28P01", "28000"]],
    ] as const
  ).flatMap(([code, names]) => names.map((name) => [name, code] as const)),
);
const OF_CERTIFICATE = /CERT|UNABLE_TO_(?:GET|VERIFY)_|HOSTNAME_MISMATCH/;
const NAMED = new RegExp(`\\b(?:${[...BY_ERROR_CODE.keys()].join("|")})\\b`);
/** CONNACK of MQTT 3.1.1 (3.2.2.3) and 5.0 (3.2.2.2): bad user name or password, not authorized. */
const MQTT_LOGIN: ReadonlySet<unknown> = new Set([4, 5, 134, 135]);

/** Of an address that is not known: the texts leave it out. */
const SOMEWHERE = "none";

/** Why a connection failed, where the error of a library is one of the usual causes. */
export function connectionFailure(error: unknown): Message | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) return error.errors.map(connectionFailure).find((failure) => failure !== undefined);
  const { code: name, address, port, hostname, host } = error as ErrorOfSocket;
  const code = codeOf(name, error);
  if (code === undefined) return error.cause === undefined ? undefined : connectionFailure(error.cause);
  const place = address === undefined ? (hostname ?? host ?? SOMEWHERE) : port === undefined ? address : `${address}:${port}`;
  return code === "connectors.tlsCertificate"
    ? message(code, { address: place, reason: verbatim(error.message || String(name)) })
    : message(code, { address: place });
}

interface ErrorOfSocket {
  readonly code?: unknown;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly host?: string;
}

function codeOf(name: unknown, { message: text, name: kind }: Error): ConnectionFailureCode | undefined {
  if (typeof name === "string") {
    const known = BY_ERROR_CODE.get(name);
    if (known !== undefined) return known;
    if (OF_CERTIFICATE.test(name)) return "connectors.tlsCertificate";
    if (name.startsWith("ERR_SSL_") || name.startsWith("ERR_TLS_")) return "connectors.tlsNotSpoken";
    if (name.startsWith("HPE_")) return "connectors.otherProtocol";
  }
  if (kind === "ErrorWithReasonCode" && MQTT_LOGIN.has(name)) return "connectors.loginRejected";
  if (text === "connack timeout") return "connectors.connectionTimedOut";
  const named = NAMED.exec(text)?.[0];
  return named === undefined ? undefined : BY_ERROR_CODE.get(named);
}

/** What sources say of themselves that is one of the usual causes too. */
const SAME: ReadonlyMap<string, ConnectionFailureCode> = new Map([
  ["connectors.noConnection", "connectors.connectionTimedOut"],
  ["connectors.noConnectionMs", "connectors.connectionTimedOut"],
  ["connectors.noAnswerMs", "connectors.connectionTimedOut"],
  ["connectors.connectionLost", "connectors.closedByPeer"],
  ["connectors.connectionAborted", "connectors.closedByPeer"],
  ["connectors.answerNotModbus", "connectors.otherProtocol"],
  ["connectors.answerNotS7", "connectors.otherProtocol"],
  ["connectors.serverRefusesUser", "connectors.loginRejected"],
]);
const REFUSES_LOGIN: ReadonlySet<unknown> = new Set([401, 403]);

/** A reason as it is shown: of the usual causes with the whole address of the connection, once. */
export function reasonAt(reason: Message, url: string): Message {
  const failure = connectionFailureIn(reason);
  if (failure !== undefined) return { ...failure, params: { ...failure.params, address: url } };
  const isLogin = "status" in reason.params && REFUSES_LOGIN.has(reason.params["status"]);
  const code = isLogin ? "connectors.loginRejected" : SAME.get(reason.code);
  return code === undefined ? reason : { code, params: { address: url } };
}
