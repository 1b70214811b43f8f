import { createContext, useContext, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "../store/store.ts";
import { themes } from "../theme/tokens.ts";
import type { ThemeName, Tokens } from "../theme/tokens.ts";
import type { Language } from "../time/format.ts";
import { zoneOf } from "../time/zone.ts";
import type { Zone } from "../time/zone.ts";
import type { Studio } from "./studio.ts";
import { catalogueText } from "../language/catalogues.ts";

export const StudioContext = createContext<Studio | undefined>(undefined);
export const ThemeContext = createContext<ThemeName>("light");

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (studio === undefined) throw new Error("useStudio outside of StudioContext");
  return studio;
}

export function useThemeTokens(): Tokens {
  return themes[useContext(ThemeContext)];
}

/** Words, the language and the plant's zone, which most views need together. */
export function useWords(): {
  readonly t: (key: string, values?: Record<string, unknown>) => string;
  readonly language: Language;
  readonly zone: Zone;
} {
  const { t, i18n } = useTranslation();
  const world = useStore(useStudio().world);
  const language: Language = i18n.language === "zh" ? "zh" : "en";
  const zone = zoneOf(world?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  return useMemo(() => {
    const text = (key: string, values?: Record<string, unknown>): string =>
      catalogueText(key, values) ?? (t as unknown as typeof text)(key, values);
    return { t: text, language, zone };
  }, [t, language, zone]);
}
