import type { ShellRecord } from "@doppelwerk/world";

/** The display name of a shell in English and Chinese; what is missing falls back to the other, then to the idShort. */
export function textOfShell({ body, idShort }: ShellRecord): { readonly en: string; readonly zh: string } {
  const texts = (Array.isArray(body["displayName"]) ? body["displayName"] : []) as readonly {
    readonly language?: string;
    readonly text?: string;
  }[];
  const of = (language: string) => texts.find((text) => text.language?.toLowerCase().startsWith(language))?.text;
  const any = of("en") ?? of("zh") ?? texts[0]?.text ?? idShort;
  return { en: of("en") ?? any, zh: of("zh") ?? any };
}
