import type { FeatureOptions, PersonalData, PersonalPlace, SensitiveInput } from "@doppelwerk/kit";
import { message, textIn, textsOf, type Language, type LanguageTexts, type Message } from "@doppelwerk/messages";
import type { z } from "zod";
import { kernelInventory } from "./kernel-inventory.ts";
import type { personalDataShape } from "./privacy-contract.ts";

export type Personal = Pick<FeatureOptions, "id" | "personal">;

/** A line of the inventory with the feature that keeps it. */
export interface KeptData extends PersonalData {
  readonly feature: string;
}

/** What is kept of people on a server with these features, the server's own first. */
export function inventoryOf(features: readonly Personal[]): readonly KeptData[] {
  return [
    ...kernelInventory.map((data) => ({ ...data, feature: "kernel" })),
    ...features.flatMap(({ id: feature, personal = [] }) => personal.map((data) => ({ ...data, feature }))),
  ];
}

/** In every language that the server speaks. */
export function shownData(data: KeptData): z.input<typeof personalDataShape> {
  const { id, feature, what, purpose, basis, places, kept, erasure, exported } = data;
  return {
    id,
    feature,
    what: textsAt(what),
    purpose: textsAt(purpose),
    basis: { code: basis, text: textsOf(BASIS[basis]) },
    places: places.map((place) => ({ kind: place.kind, ...nameOf(place) })),
    kept: textsOf(keptOf(kept)),
    erasure: { code: erasure, text: textsOf(ERASURE[erasure]) },
    exported,
  };
}

/** A declared input in every language. */
export function shownInput({ kind, purpose, data, failure }: SensitiveInput) {
  return { kind, purpose: textsAt(purpose), data: textsAt(data), failure: textsAt(failure) };
}

/** The inventory as a page of Markdown, to be printed or filed. */
export function inventoryReport(inventory: readonly KeptData[], language: Language, made: string): string {
  const text = (written: Message): string => textIn(written, language).replaceAll("|", "\\|");
  const head = [
    message("privacy.column.what"),
    message("privacy.column.purpose"),
    message("privacy.column.basis"),
    message("privacy.column.where"),
    message("privacy.column.kept"),
    message("privacy.column.erasure"),
    message("privacy.column.exported"),
  ].map(text);
  const rows = inventory.map(({ feature, what, purpose, basis, places, kept, erasure, exported }) => [
    `${text(at(what))} (${feature})`,
    text(at(purpose)),
    text(BASIS[basis]),
    places.map((place) => nameOf(place).name ?? text(message("privacy.inMemory"))).join(", "),
    text(keptOf(kept)),
    text(ERASURE[erasure]),
    text(exported ? message("privacy.yes") : message("privacy.no")),
  ]);
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `# ${text(message("privacy.inventoryTitle"))}\n\n${text(message("privacy.inventoryMade", { made }))}\n\n${lines.join("\n")}\n`;
}

const BASIS: Readonly<Record<PersonalData["basis"], Message>> = {
  contract: message("privacy.basis.contract"),
  legalObligation: message("privacy.basis.legalObligation"),
  legitimateInterests: message("privacy.basis.legitimateInterests"),
  consent: message("privacy.basis.consent"),
};

const ERASURE: Readonly<Record<PersonalData["erasure"], Message>> = {
  erased: message("privacy.erasure.erased"),
  choice: message("privacy.erasure.choice"),
  nameless: message("privacy.erasure.nameless"),
  ends: message("privacy.erasure.ends"),
};

function keptOf(kept: PersonalData["kept"]): Message {
  if (kept === "untilErased") return message("privacy.kept.untilErased");
  if (kept === "asLongAsTheRecord") return message("privacy.kept.asLongAsTheRecord");
  return "hours" in kept ? message("privacy.kept.hours", { hours: kept.hours }) : message("privacy.kept.timer");
}

function nameOf(place: PersonalPlace): { readonly name?: string } {
  if (place.kind === "documents") return { name: place.record };
  if (place.kind === "journal") return { name: `${place.journal}.jsonl` };
  if (place.kind === "events") return { name: place.type };
  if (place.kind === "jobs") return { name: place.job };
  return place.kind === "file" ? { name: place.path } : {};
}

/** Codes of manifests have no parameters. */
const at = (code: PersonalData["what"]): Message => ({ code, params: {} });
const textsAt = (code: PersonalData["what"]): LanguageTexts => textsOf(at(code));
