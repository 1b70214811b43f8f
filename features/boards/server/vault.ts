import type { PersonalTexts } from "@doppelwerk/kit/server";

/** What not everybody may see, as a text that only this feature reads. */
export interface Vault {
  seal(key: string, value: unknown): string;
  /** Undefined where its person was erased. */
  open<Value>(sealed: string): Value | undefined;
  isOf(key: string, sealed: string): boolean;
}

export function inVault(texts: PersonalTexts): Vault {
  const read = (sealed: string): { readonly key: string; readonly value: unknown } | undefined => {
    const text = texts.open(sealed);
    return text === undefined ? undefined : (JSON.parse(text) as { readonly key: string; readonly value: unknown });
  };
  return {
    seal: (key, value) => texts.seal(key, JSON.stringify({ key, value })),
    open: <Value>(sealed: string) => read(sealed)?.value as Value | undefined,
    isOf: (key, sealed) => read(sealed)?.key === key,
  };
}
