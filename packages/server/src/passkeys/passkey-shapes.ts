import { z } from "@doppelwerk/kit";

const text = z.string().max(20_000);

/** As the browser takes and gives them: the JSON forms of WebAuthn Level 3, 5.1. */
export const optionsShape = z.object({ challenge: z.string() }).loose();

export const registration = z.object({
  id: z.string().max(2_000),
  rawId: z.string().max(2_000),
  type: z.literal("public-key"),
  response: z.object({ clientDataJSON: text, attestationObject: text, transports: z.array(z.string().max(50)).max(10).optional() }),
});

export const assertion = z.object({
  id: z.string().max(2_000),
  rawId: z.string().max(2_000),
  type: z.literal("public-key"),
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: z.string().max(200).optional() }),
});

/** No extension is asked for, and none is read. */
export function unextended<T extends { readonly clientExtensionResults: object }>(response: Omit<T, "clientExtensionResults"> | object): T {
  return { ...response, clientExtensionResults: {} } as T;
}
