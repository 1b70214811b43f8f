import { Secret, TOTP } from "otpauth";

// Codes of an authenticator (TOTP, RFC 6238): HMAC-SHA-1, six digits, thirty seconds, which is what every authenticator does.

const STEP_MS = 30_000;
const SECRET_BYTES = 20;

/** A new secret, base 32 (RFC 4648) as authenticators take it. */
export function newCodeSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator reads from a picture (key URI format). */
export function codeAddress(secret: string, issuer: string, login: string): string {
  return totpOf(secret, issuer, login).toString();
}

/**
 * The step of thirty seconds that the code is of, else undefined. Clocks of telephones are off by some seconds: the code before and the one after
 * count too. Each counts once: those up to step `after` were used (RFC 6238, 5.2).
 */
export function stepOfCode(secret: string, code: string, nowMs: number, after = -1): number | undefined {
  const token = code.replaceAll(" ", "");
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = totpOf(secret).validate({ token, timestamp: nowMs, window: 1 });
  const step = delta === null ? undefined : Math.floor(nowMs / STEP_MS) + delta;
  return step !== undefined && step > after ? step : undefined;
}

function totpOf(secret: string, issuer = "", label = ""): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secret), issuer, label, algorithm: "SHA1", digits: 6, period: STEP_MS / 1_000 });
}
