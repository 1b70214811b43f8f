import { MantineProvider, Menu, Modal, PasswordInput, createTheme, defaultVariantColorsResolver } from "@mantine/core";
import type { VariantColorsResolver } from "@mantine/core";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { ThemeContext, token, useWords } from "@doppelwerk/ui";
import type { ThemeName } from "@doppelwerk/ui";

const accents = Array.from({ length: 10 }, () => token("accent"));

/** What is filled has the text of the theme on it: white on the light blue of a dark theme cannot be read. Red is the red of the tokens. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const isRed = input.color === "red";
  if (input.variant === "filled")
    return isRed
      ? { ...colors, background: token("alarm1"), hover: token("alarm1"), color: token("onAlarm") }
      : { ...colors, color: token("onAccent") };
  return isRed && (input.variant === "outline" || input.variant === "subtle" || input.variant === "light")
    ? { ...colors, color: token("alarm1"), border: `1px solid ${token("alarm1")}` }
    : colors;
};

/** A menu has nothing but its items: the empty element that the library puts before them has no role that a menu may hold. The first item takes the focus. */
const menu = Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } });

const theme = createTheme({
  variantColorResolver,
  // dialogs and menus come and go at once where that is asked for
  respectReducedMotion: true,
  fontFamily: "var(--dw-font)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  defaultRadius: 4,
  primaryColor: "accent",
  colors: { accent: accents as never },
  cursorType: "pointer",
  headings: { fontFamily: "var(--dw-font)" },
});

/** Looks and names that every part of the studio shares; `env` is that of Mantine. */
export function StudioTheme({
  name,
  env = "default",
  children,
}: {
  readonly name: ThemeName;
  readonly env?: "default" | "test";
  readonly children: ReactNode;
}): ReactNode {
  const { t } = useWords();
  const named = useMemo(() => {
    // the cross of a dialog has no text of its own
    const dialog = Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": t("frame.close") } } });
    const password = PasswordInput.extend({ defaultProps: { visibilityToggleButtonProps: { "aria-label": t("login.showPassword") } } });
    return { ...theme, components: { Modal: dialog, Menu: menu, PasswordInput: password } };
  }, [t]);
  return (
    <ThemeContext value={name}>
      <MantineProvider theme={named} forceColorScheme={name === "light" ? "light" : "dark"} env={env}>
        {children}
      </MantineProvider>
    </ThemeContext>
  );
}
