import { useColorScheme } from "@mantine/hooks";
import { useEffect, useLayoutEffect } from "react";
import type { ReactNode } from "react";
import { Frame } from "../frame/frame.tsx";
import { WindowScope, StudioContext, cssVariables, switchLanguage, useStore } from "@doppelwerk/ui";
import type { Studio, ThemeName } from "@doppelwerk/ui";
import { StudioTheme } from "./studio-theme.tsx";
import type {} from "../message-codes.ts";

export function App({ studio }: { readonly studio: Studio }): ReactNode {
  const preferences = useStore(studio.preferences);
  const system = useColorScheme();
  const name: ThemeName = preferences.theme === "system" ? (system === "dark" ? "dark" : "light") : preferences.theme;
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
