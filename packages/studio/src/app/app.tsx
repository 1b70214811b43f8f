import { MantineProvider, createTheme } from "@mantine/core";
import { useColorScheme } from "@mantine/hooks";
import { useEffect, useLayoutEffect } from "react";
import type { ReactNode } from "react";
import { Frame } from "../frame/frame.tsx";
import { WindowScope, StudioContext, ThemeContext, cssVariables, switchLanguage, token, useStore } from "@doppelwerk/ui";
import type { Studio, ThemeName } from "@doppelwerk/ui";

const accents = Array.from({ length: 10 }, () => token("accent"));
const theme = createTheme({
  fontFamily: "var(--dw-font)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  defaultRadius: 4,
  primaryColor: "accent",
  colors: { accent: accents as never },
  cursorType: "pointer",
  headings: { fontFamily: "var(--dw-font)" },
});

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
      <ThemeContext value={name}>
        <MantineProvider theme={theme} forceColorScheme={name === "light" ? "light" : "dark"} env="default">
          <WindowScope>
            <Frame />
          </WindowScope>
        </MantineProvider>
      </ThemeContext>
    </StudioContext>
  );
}
