import type { ComponentType } from "react";
import { useStudio } from "../session/context.tsx";
import type { Studio } from "../session/studio.ts";
import { useMaySee, type Audience } from "../session/use-may-administer.ts";
import type { View } from "../slots/slot.ts";
import { shell, type SettingData, type SettingsPartData } from "./shell.ts";
import type { PlainCode } from "../language/catalogues.ts";

export type SettingCard = View<SettingData>;

/** A part of the settings with those of its cards that a person may see. */
export interface ListedPart {
  readonly view: View<SettingsPartData, ComponentType<{ readonly cards: readonly SettingCard[] }>>;
  readonly cards: readonly SettingCard[];
}

/** Where cards stand that name no part. */
const OTHERS = "worlds";

/** What stands behind `#` in the address of a card: the last word of its id; of a pack, the whole of it. */
export function anchorOf({ id, pack }: SettingCard): string {
  return pack === undefined ? id.slice(id.lastIndexOf(".") + 1) : id;
}

/** Codes of what a card is found as; a card of a pack may have none. */
export function titleOf({ data }: SettingCard): PlainCode | undefined {
  return (data as Partial<SettingData>).title;
}

/** The parts of which somebody may see something, in their order. */
export function listParts(studio: Studio, maySee: (audience: Audience | undefined) => boolean): readonly ListedPart[] {
  const parts = studio.views.of(shell.settingsPart);
  const names = new Set(parts.map(({ data }) => data.name));
  const cards = studio.views.of(shell.setting).filter(({ data }) => maySee(data.audience));
  const partOf = ({ data }: SettingCard): string => (names.has(data.part) ? data.part : OTHERS);
  return parts
    .map((view) => ({ view, cards: cards.filter((card) => partOf(card) === view.data.name) }))
    .filter((part) => part.cards.length > 0);
}

/** The same for who is here; undefined until it is known who that is. `asks` false asks nobody. */
export function useListedParts(asks = true): readonly ListedPart[] | undefined {
  const studio = useStudio();
  const maySee = useMaySee(asks);
  return maySee === undefined ? undefined : listParts(studio, maySee);
}
