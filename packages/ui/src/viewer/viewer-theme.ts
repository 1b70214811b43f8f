import type { Slot } from "@doppelwerk/scene";
import { Color } from "three";
import type { ThemeName, Tokens } from "@doppelwerk/ui";
import type { AlarmPriority } from "./viewer-frame.ts";

/** Every colour and light the viewer uses. It names none itself. */
export interface ViewerTheme {
  readonly background: Color;
  readonly gridFine: Color;
  readonly gridCoarse: Color;
  readonly gridStrength: number;
  readonly shadow: Color;
  readonly shadowStrength: number;
  readonly contactStrength: number;
  readonly slots: Readonly<Record<Slot, Color>>;
  readonly glassOpacity: number;
  readonly edge: Color;
  readonly edgeStrength: number;
  readonly hatch: Color;
  readonly idle: Color;
  readonly off: Color;
  readonly selection: Color;
  readonly hover: Color;
  readonly failed: Color;
  readonly unknown: Color;
  readonly alarms: Readonly<Record<AlarmPriority, Color>>;
  readonly products: readonly Color[];
  readonly sky: number;
  readonly sun: number;
  readonly fill: number;
  /** CSS colours of the labels. */
  readonly label: {
    readonly surface: string;
    readonly line: string;
    readonly text: string;
    readonly muted: string;
    readonly accent: string;
    readonly shadow: string;
    readonly alarms: Readonly<Record<AlarmPriority, string>>;
    readonly onAlarm: string;
  };
}

/** Derives the clay look from the studio's tokens: surfaces between page and text, colour only where it means something. */
export function viewerTheme(tokens: Tokens, name: ThemeName): ViewerTheme {
  const night = name !== "light";
  const strict = name === "contrast";
  const page = new Color(tokens.page);
  const text = new Color(tokens.text);
  const grey = (towardsText: number): Color => mixed(page, text, towardsText);
  const light = night ? [0.66, 0.46, 0.25, 0.4, 0.33] : [0.01, 0.15, 0.62, 0.3, 0.22];
  const [lightest, body, dark, steel, accent] = light.map(grey) as [Color, Color, Color, Color, Color];
  const hue = (token: string, share: number): Color => mixed(night ? grey(0.6) : grey(0.02), new Color(token), share);
  return {
    background: night ? grey(strict ? 0.02 : 0.035) : mixed(page, text, 0.012),
    gridFine: grey(night ? 0.075 : 0.08),
    gridCoarse: grey(night ? 0.115 : 0.14),
    gridStrength: strict ? 1 : 0.8,
    shadow: night ? mixed(page, new Color(tokens.sunken), 0.5).multiplyScalar(0.2) : grey(0.62),
    shadowStrength: night ? 0.42 : 0.3,
    contactStrength: night ? 0.7 : 0.5,
    slots: {
      body,
      light: lightest,
      dark,
      steel,
      accent,
      product: night ? grey(0.74) : mixed(page, new Color(tokens.panel), 0.9),
      screen: night ? grey(0.08) : grey(0.5),
      beacon: night ? grey(0.5) : grey(0.24),
      floor: night ? grey(0.062) : grey(0.04),
      mark: night ? grey(0.12) : grey(0.1),
      glass: night ? grey(0.6) : grey(0.22),
    },
    glassOpacity: night ? 0.1 : 0.2,
    edge: strict ? grey(0.85) : night ? page.clone().multiplyScalar(0.55) : grey(0.6),
    edgeStrength: strict ? 0.75 : night ? 0.6 : 0.42,
    hatch: night ? grey(0.16) : grey(0.42),
    idle: night ? grey(0.8) : new Color(tokens.panel),
    off: night ? grey(0.1) : grey(0.55),
    selection: new Color(tokens.accent),
    hover: mixed(new Color(tokens.accent), page, 0.35),
    failed: new Color(tokens.alarm1),
    unknown: new Color(tokens.faint),
    alarms: { 1: new Color(tokens.alarm1), 2: new Color(tokens.alarm2), 3: new Color(tokens.alarm3), 4: new Color(tokens.alarm4) },
    products: [
      hue(tokens.slate, 0.04),
      hue(tokens.blue, 0.12),
      hue(tokens.teal, 0.13),
      hue(tokens.violet, 0.12),
      hue(tokens.olive, 0.13),
      hue(tokens.rose, 0.11),
    ],
    sky: night ? 1.5 : 1.42,
    sun: night ? 2.1 : 2.05,
    fill: night ? 0.25 : 0.32,
    label: {
      surface: tokens.raised,
      line: tokens.line,
      text: tokens.text,
      muted: tokens.muted,
      accent: tokens.accent,
      shadow: tokens.shadow,
      alarms: { 1: tokens.alarm1, 2: tokens.alarm2, 3: tokens.alarm3, 4: tokens.alarm4 },
      onAlarm: tokens.onAlarm,
    },
  };
}

function mixed(a: Color, b: Color, share: number): Color {
  // Mixed as seen, not as light: the tokens are steps of perceived grey.
  const [x, y] = [a.clone().convertLinearToSRGB(), b.clone().convertLinearToSRGB()];
  return x.lerp(y, share).convertSRGBToLinear();
}
