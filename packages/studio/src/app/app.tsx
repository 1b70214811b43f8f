import { useColorScheme, useMediaQuery } from "@mantine/hooks";
import { useEffect, useLayoutEffect } from "react";
import type { ReactNode } from "react";
import { Frame } from "../frame/frame.tsx";
import { WindowScope, StudioContext, cssVariables, switchLanguage, useStore } from "@doppelwerk/ui";
import type { Preferences, Studio, ThemeName } from "@doppelwerk/ui";
import { StudioTheme } from "./studio-theme.tsx";
import type {} from "../message-codes.ts";

export function App({ studio }: { readonly studio: Studio }): ReactNode {
  const preferences = useStore(studio.preferences);
  const name = useTheme(preferences.theme);
  useLayoutEffect(() => {
    const root = document.documentElement;
    for (const [variable, value] of Object.entries(cssVariables(name))) root.style.setProperty(variable, value);
    root.dataset.theme = name;
    root.style.colorScheme = name === "light" ? "light" : "dark";
  }, [name]);
  useEffect(() => void switchLanguage(preferences.language), [preferences.language]);
  return (
    <StudioContext value={studio}>
      <StudioTheme name={name}>
        <WindowScope>
          <Frame />
        </WindowScope>
      </StudioTheme>
    </StudioContext>
  );
}

/**
 * The theme that was chosen, or that of the system, high contrast where it asks for more. Where the system forces its own colours everything that is
 * drawn keeps to its ground, whatever was chosen.
 */
function useTheme(chosen: Preferences["theme"]): ThemeName {
  const isDark = useColorScheme() === "dark";
  const isMore = useMediaQuery("(prefers-contrast: more)") ?? false;
  const isForced = useMediaQuery("(forced-colors: active)") ?? false;
  if (isForced) return isDark ? "contrast" : "light";
  if (chosen !== "system") return chosen;
  return isMore ? "contrast" : isDark ? "dark" : "light";
}
