import { inLanguage, type Language } from "@doppelwerk/kit/studio";
import type { KnownTileKind, ShownTile } from "../contract.ts";

/** What a person called it; else what was chosen of its kind, such as the KPI; else its kind. */
export function tileTitle({ title, kind: id, settings }: ShownTile, kind: KnownTileKind | undefined, language: Language): string {
  if (title !== undefined) return title;
  if (kind === undefined) return id;
  const field = kind.fields.find((each) => each.kind === "choice");
  const chosen = field?.choices?.find(({ key }) => key === settings[field.key]);
  return inLanguage(chosen?.title ?? kind.title, language);
}
