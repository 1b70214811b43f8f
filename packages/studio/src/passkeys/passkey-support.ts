/** Why a page cannot use passkeys: it is open at an address instead of a host name, without TLS, or in a browser that knows none. */
export type NoPasskeys = "address" | "insecure" | "unsupported";

/** Undefined where it can. */
export function whyNoPasskeys({ location, isSecureContext }: Pick<Window, "location" | "isSecureContext"> = window):
  | NoPasskeys
  | undefined {
  // IPv6 is in brackets; a host name does not end in a number (WHATWG URL, host parser)
  if (/^\[|(^|\.)\d+$/.test(location.hostname)) return "address";
  if (!isSecureContext) return "insecure";
  return typeof PublicKeyCredential === "undefined" ? "unsupported" : undefined;
}

/** Fetched by who uses a passkey. */
const library = () => import("@simplewebauthn/browser");

/** Asks the person to prove with a passkey who he is. `isAutofill`: only offered where he types his login. Errors: as the browser says them. */
export async function askPasskey(options: object, isAutofill = false): Promise<object> {
  const { startAuthentication } = await library();
  return startAuthentication({ optionsJSON: options as never, useBrowserAutofill: isAutofill });
}

export async function makePasskey(options: object): Promise<object> {
  const { startRegistration } = await library();
  return startRegistration({ optionsJSON: options as never });
}

export async function offersAutofill(): Promise<boolean> {
  return (await library()).browserSupportsWebAuthnAutofill();
}

/** What waits for a passkey waits no more. */
export async function stopWaiting(): Promise<void> {
  (await library()).WebAuthnAbortService.cancelCeremony();
}

/** Whether the person closed what the browser asked, or let it pass. */
export function wasGivenUp(error: unknown): boolean {
  const { name, cause } = error as { readonly name?: unknown; readonly cause?: { readonly name?: unknown } };
  return [name, cause?.name].some((each) => each === "NotAllowedError" || each === "AbortError");
}
