import { createContext, useContext, useMemo } from "react";
import { useStore } from "../store/store.ts";
import { themes } from "../theme/tokens.ts";
import type { ThemeName, Tokens } from "../theme/tokens.ts";
import type { Language } from "../time/format.ts";
import { zoneOf } from "../time/zone.ts";
import type { Zone } from "../time/zone.ts";
import type { Studio } from "./studio.ts";
import { reading, type Translate } from "../language/catalogues.ts";

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
export function useWords(): { readonly t: Translate; readonly language: Language; readonly zone: Zone } {
  const { t, language } = useStore(reading);
  const world = useStore(useStudio().world);
  const zone = zoneOf(world?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  return useMemo(() => ({ t, language, zone }), [t, language, zone]);
}
