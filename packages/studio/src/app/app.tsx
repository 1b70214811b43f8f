import { useColorScheme, useMediaQuery } from "@mantine/hooks";
import { lazy, useEffect, useLayoutEffect } from "react";
import type { ReactNode } from "react";
import { Frame } from "../frame/frame.tsx";
import { WindowScope, StudioContext, cssVariables, switchLanguage, useStore } from "@doppelwerk/ui";
import type { Preferences, Studio, ThemeName } from "@doppelwerk/ui";
import { PresenceHost } from "../presence/presence-host.tsx";
import { TerminalHost } from "../terminal/terminal-host.tsx";
import { StudioTheme } from "./studio-theme.tsx";
import type {} from "../message-codes.ts";

/** Fetched where it is needed: most who open a page are logged in. */
const LoginPage = lazy(() => import("../login/login-page.tsx"));

/** `page`: shown instead of the frame. */
export function App({ studio, page }: { readonly studio: Studio; readonly page?: ReactNode }): ReactNode {
  const preferences = useStore(studio.preferences);
  const name = useTheme(preferences.theme);
  const needsLogin = useStore(studio.needsLogin);
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
          {page ?? (needsLogin ? <LoginPage /> : <Frame />)}
          {page === undefined && <TerminalHost />}
          <PresenceHost />
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
