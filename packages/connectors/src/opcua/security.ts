import { MessageSecurityMode, SecurityPolicy, UserTokenType } from "node-opcua";
import type { EndpointDescription, UserIdentityInfo } from "node-opcua";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Secret } from "../secrets/secret-store.ts";
import type { OpcuaSettings } from "./settings.ts";
import { connectionFailure } from "../samples/connection-failure.ts";

/** Spoken policies, strongest first. Basic128Rsa15 and Basic256 are broken and not among them (Part 7). */
const POLICIES = [
  ["Aes256_Sha256_RsaPss", SecurityPolicy.Aes256_Sha256_RsaPss],
  ["Basic256Sha256", SecurityPolicy.Basic256Sha256],
  ["Aes128_Sha256_RsaOaep", SecurityPolicy.Aes128_Sha256_RsaOaep],
  ["None", SecurityPolicy.None],
] as const;

const BINARY = /uatcp-uasc-uabinary$/;

const MODES: Readonly<Record<OpcuaSettings["securityMode"], MessageSecurityMode>> = {
  None: MessageSecurityMode.None,
  Sign: MessageSecurityMode.Sign,
  SignAndEncrypt: MessageSecurityMode.SignAndEncrypt,
};

export interface ChosenEndpoint {
  readonly endpoint: EndpointDescription;
  readonly mode: MessageSecurityMode;
  readonly policy: SecurityPolicy;
}

/** The endpoint of the wanted mode with the wanted policy, else the strongest. Throws what the server does offer. */
export function chooseEndpoint(
  endpoints: readonly EndpointDescription[],
  { securityMode, securityPolicy }: Pick<OpcuaSettings, "securityMode" | "securityPolicy">,
): ChosenEndpoint {
  const mode = MODES[securityMode];
  for (const [name, policy] of POLICIES) {
    if (securityPolicy !== undefined && securityPolicy !== name) continue;
    // others speak HTTPS or WebSockets at the same place, with other users
    const endpoint = endpoints.find(
      (each) =>
        each.securityMode === mode &&
        each.securityPolicyUri === policy &&
        (!each.transportProfileUri || BINARY.test(each.transportProfileUri)),
    );
    if (endpoint !== undefined) return { endpoint, mode, policy };
  }
  const offered = endpoints.map((each) =>
    `${MessageSecurityMode[each.securityMode]} ${each.securityPolicyUri?.split("#").at(-1) ?? ""}`.trim(),
  );
  const wanted = securityPolicy === undefined ? securityMode : `${securityMode} ${securityPolicy}`;
  throw new DoppelwerkError(
    "DW_UNAVAILABLE",
    message("connectors.serverDoesNotOffer", { wanted, offered: [...new Set(offered)].join(", ") || "nothing" }),
  );
}

/** Who we say we are. Throws when the endpoint takes no such user, or a password would travel in the clear. */
export function identityOf({ endpoint, mode, policy }: ChosenEndpoint, secret: Secret | undefined): UserIdentityInfo {
  const tokens = endpoint.userIdentityTokens ?? [];
  const takes = (type: UserTokenType) => tokens.find((token) => token.tokenType === type);
  if (secret?.certificate !== undefined && secret.privateKey !== undefined) {
    if (takes(UserTokenType.Certificate) === undefined)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.serverTakesNoUserCertificateEndpoint"));
    return { type: UserTokenType.Certificate, certificateData: derOf(secret.certificate), privateKey: secret.privateKey };
  }
  if (secret?.username !== undefined) {
    if (takes(UserTokenType.UserName) === undefined)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.serverTakesNoUserNameEndpoint"));
    // an encrypted channel keeps it: some servers do not want it encrypted once more (Part 4, 7.41)
    if (mode !== MessageSecurityMode.SignAndEncrypt && !encryptsPasswords(endpoint, policy))
      throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.passwordWouldTravelClear"));
    return { type: UserTokenType.UserName, userName: secret.username, password: secret.password ?? "" };
  }
  if (secret?.token !== undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.opcUaTakesUserPasswordOr"));
  if (takes(UserTokenType.Anonymous) === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.serverWantsKnowAsks"));
  return { type: UserTokenType.Anonymous };
}

const BROKEN: ReadonlySet<string> = new Set([SecurityPolicy.Basic128Rsa15, SecurityPolicy.Basic192Rsa15, SecurityPolicy.Basic256]);

/**
 * Whether the library would encrypt a password here. It takes one of several policies for it, never a broken one, the strongest first; by one that it does not
 * know, or without a certificate of the server, it sends the password as it is.
 */
function encryptsPasswords({ userIdentityTokens, serverCertificate }: EndpointDescription, policy: SecurityPolicy): boolean {
  if (!serverCertificate || serverCertificate.length === 0) return false;
  const all = (userIdentityTokens ?? [])
    .filter(({ tokenType }) => tokenType === UserTokenType.UserName)
    .map(({ securityPolicyUri }) => securityPolicyUri || policy);
  const taken = all.length > 1 ? all.filter((uri) => !BROKEN.has(uri)) : all;
  return taken.some((uri) => uri !== SecurityPolicy.None && (BROKEN.has(uri) || POLICIES.some(([, spoken]) => spoken === uri)));
}

function derOf(pem: string): Buffer {
  const body = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/.exec(pem)?.[1];
  if (body === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.certificateSecretNoPem"));
  return Buffer.from(body.replace(/\s+/g, ""), "base64");
}

/** What a refusal of the library means to a person; the library's own words are its cause. */
export function explained(error: unknown, mode: OpcuaSettings["securityMode"]): Error {
  if (error instanceof DoppelwerkError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const known: readonly (readonly [RegExp, Message])[] = [
    [/BadUserAccessDenied|BadIdentityTokenRejected/, message("connectors.serverRefusesUser")],
    [/BadIdentityTokenInvalid/, message("connectors.serverRefusesFormUsersToken")],
    [/BadCertificateTimeInvalid/, message("connectors.certificateExpiredOrNotYetValid")],
    [/BadCertificateUntrusted|BadCertificateChainIncomplete/, message("connectors.serverDoesNotTrustCertificate")],
    [/BadSecurityChecksFailed|BadCertificateInvalid/, message("connectors.serverRefusesCertificate")],
    [/BadSecurityPolicyRejected|BadSecurityModeRejected/, message("connectors.serverRefusesSecurityMode", { mode })],
  ];
  // the library says it in three lines with advice
  const unreached = /cannot be established with server (\S+)[\s\S]*Err = \((.*?)\)?\s*$/.exec(text);
  const meaning =
    unreached === null
      ? (known.find(([pattern]) => pattern.test(text))?.[1] ??
        (mode !== "None" && /disconnect|rejected|socket has been|connection may have been rejected/i.test(text)
          ? message("connectors.serverClosedSecureChannel", { text: text.split("\n")[0]!.trim() })
          : undefined))
      : (connectionFailure(Object.assign(new Error(unreached[2]), { hostname: unreached[1] })) ??
        message("connectors.nobodyAnswers", { address: unreached[1]!, reason: unreached[2]! }));
  if (meaning === undefined) return error instanceof Error ? error : new Error(text);
  const refusal = new DoppelwerkError("DW_UNAVAILABLE", meaning);
  refusal.cause = error;
  return refusal;
}
