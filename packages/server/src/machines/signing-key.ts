import { existsSync } from "node:fs";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from "jose";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";

const TOKENS = "machine-tokens.jwk";

/** An Ed25519 key as it is kept, made when it is first needed. Errors: DW_DAMAGED, DW_UNAVAILABLE. */
export async function openPrivateJwk(path: string, name: string): Promise<JWK & { readonly d: string; readonly x: string }> {
  if (!existsSync(path)) {
    const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
    writeSecretFile(path, name, JSON.stringify(await exportJWK(privateKey)));
  }
  try {
    const { kty, crv, d, x } = JSON.parse(readSecretFile(path, name)) as JWK;
    if (kty !== "OKP" || crv !== "Ed25519" || d === undefined || x === undefined) throw new Error("no Ed25519 key");
    return { kty, crv, d, x };
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.signingKeyNotRead", { path }));
  }
}

/** The key with which this server signs tokens of machines, made at its first start. Errors: DW_DAMAGED, DW_UNAVAILABLE. */
export async function openSigningKey(path: string): Promise<{ readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }> {
  const { d, ...open } = await openPrivateJwk(path, TOKENS);
  try {
    const [privateKey, publicKey] = await Promise.all([importJWK({ ...open, d }, "EdDSA"), importJWK(open, "EdDSA")]);
    return { privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey };
  } catch {
    throw new DoppelwerkError("DW_DAMAGED", message("server.signingKeyNotRead", { path }));
  }
}
