/** Every colour of the studio. Nothing else in this room may name a raw colour; a test refuses it. */
export interface Tokens {
  // Surfaces: three cool grey levels.
  readonly page: string;
  readonly panel: string;
  readonly raised: string;
  readonly sunken: string;
  readonly hover: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly shadow: string;
  // Text: ≥ 4.5:1 on every surface.
  readonly text: string;
  readonly muted: string;
  /** Marks and rules only, ≥ 3:1; never for text a person must read. */
  readonly faint: string;
  readonly inverse: string;
  readonly onInverse: string;
  // Selection and focus.
  readonly accent: string;
  readonly accentSoft: string;
  readonly onAccent: string;
  // ISA-18.2 priorities, always with shape and letter.
  readonly alarm1: string;
  readonly alarm2: string;
  readonly alarm3: string;
  readonly alarm4: string;
  readonly onAlarm: string;
  // Machine states.
  readonly running: string;
  readonly idle: string;
  readonly blocked: string;
  readonly starved: string;
  readonly stateHatch: string;
  readonly setup: string;
  readonly failed: string;
  readonly stopped: string;
  readonly off: string;
  readonly unknown: string;
  // Verdicts and standing.
  readonly better: string;
  readonly worse: string;
  readonly live: string;
  readonly simulated: string;
  readonly band: string;
  readonly scrim: string;
  // Branch hues: calm, never an alarm hue.
  readonly blue: string;
  readonly teal: string;
  readonly violet: string;
  readonly olive: string;
  readonly rose: string;
  readonly indigo: string;
  readonly slate: string;
  readonly sand: string;
  readonly plum: string;
}

export type TokenName = keyof Tokens;
export type ThemeName = "light" | "dark" | "contrast";

const light: Tokens = {
  page: "#f3f5f7",
  panel: "#ffffff",
  raised: "#ffffff",
  sunken: "#eceff2",
  hover: "#f0f3f7",
  line: "#dde2e7",
  lineStrong: "#b9c1ca",
  shadow: "rgba(22, 30, 40, 0.14)",
  text: "#171c22",
  muted: "#5a646f",
  faint: "#8d97a2",
  inverse: "#1b2026",
  onInverse: "#ffffff",
  accent: "#1f62d0",
  accentSoft: "#e6eefb",
  onAccent: "#ffffff",
  alarm1: "#d92d20",
  alarm2: "#c96a00",
  alarm3: "#97810a",
  alarm4: "#a83ba0",
  onAlarm: "#ffffff",
  running: "#b9c0c8",
  idle: "#dbe0e5",
  blocked: "#e6eaee",
  starved: "#eef1f4",
  stateHatch: "#939da8",
  setup: "#6c7783",
  failed: "#e0483b",
  stopped: "#e08a1e",
  off: "#4b545e",
  unknown: "#8d97a2",
  better: "#0f7a43",
  worse: "#8f3a66",
  live: "#17794a",
  simulated: "#5a646f",
  band: "#e3e8ed",
  scrim: "rgba(16, 22, 30, 0.35)",
  blue: "#2b6cb8",
  teal: "#0c7f84",
  violet: "#6a4fc8",
  olive: "#6f7217",
  rose: "#a8487a",
  indigo: "#4655a8",
  slate: "#52677d",
  sand: "#7d6845",
  plum: "#6f4d7e",
};

const dark: Tokens = {
  page: "#121518",
  panel: "#1a1e22",
  raised: "#22272c",
  sunken: "#15191c",
  hover: "#242a30",
  line: "#2b3137",
  lineStrong: "#444c55",
  shadow: "rgba(0, 0, 0, 0.5)",
  text: "#e8ecf0",
  muted: "#98a2ad",
  faint: "#6b7682",
  inverse: "#eef1f4",
  onInverse: "#14181b",
  accent: "#6ea8ff",
  accentSoft: "#1f2f4a",
  onAccent: "#0b1524",
  alarm1: "#ff5a4d",
  alarm2: "#ff9a2e",
  alarm3: "#d3bb3a",
  alarm4: "#d56ad0",
  onAlarm: "#14181b",
  running: "#6d7781",
  idle: "#3d454d",
  blocked: "#333a41",
  starved: "#2b3238",
  stateHatch: "#5c6670",
  setup: "#98a2ad",
  failed: "#ff5a4d",
  stopped: "#ff9a2e",
  off: "#0c0e10",
  unknown: "#6b7682",
  better: "#4cc38a",
  worse: "#e08bb4",
  live: "#46b97e",
  simulated: "#98a2ad",
  band: "#262c32",
  scrim: "rgba(0, 0, 0, 0.6)",
  blue: "#6aa9ee",
  teal: "#3fb8b6",
  violet: "#a08cf5",
  olive: "#b3b04e",
  rose: "#dd85b1",
  indigo: "#8f9cf0",
  slate: "#93a9c0",
  sand: "#c4a97c",
  plum: "#b795c7",
};

const contrast: Tokens = {
  ...dark,
  page: "#000000",
  panel: "#000000",
  raised: "#101010",
  sunken: "#000000",
  hover: "#222222",
  line: "#7d858e",
  lineStrong: "#c4ccd4",
  text: "#ffffff",
  muted: "#d5dbe1",
  faint: "#a5aeb7",
  inverse: "#ffffff",
  onInverse: "#000000",
  accent: "#8cc0ff",
  accentSoft: "#12305c",
  onAccent: "#000000",
  alarm1: "#ff7a70",
  alarm2: "#ffb055",
  alarm3: "#f5e05a",
  alarm4: "#f29cef",
  running: "#9aa4ae",
  idle: "#59626b",
  blocked: "#3c444c",
  starved: "#2c3339",
  stateHatch: "#b9c2cb",
  setup: "#ffffff",
  off: "#000000",
  unknown: "#d5dbe1",
  better: "#6fe3a8",
  worse: "#ffb0d4",
  band: "#2a2a2a",
};

export const themes: Readonly<Record<ThemeName, Tokens>> = { light, dark, contrast };

export const branchHues = ["violet", "teal", "olive", "rose", "blue", "indigo", "slate", "sand", "plum"] as const;
export type BranchHue = (typeof branchHues)[number];

/** The parts of a JSON text; all of them are text that is read. */
export const jsonColours = { name: "blue", text: "plum", number: "sand", word: "violet", mark: "muted" } as const satisfies Record<
  string,
  TokenName
>;

/** The hue of a branch: the server's word where it is one of ours, else a stable choice by id. */
export function branchHue(id: string, hue?: string): BranchHue {
  const known = branchHues.find((name) => name === hue);
  if (known !== undefined) return known;
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)!) >>> 0;
  return branchHues[sum % branchHues.length]!;
}

/** `--dw-panel: …;` for one theme. */
export function cssVariables(theme: ThemeName): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(themes[theme]).map(([name, value]) => [`--dw-${kebab(name)}`, value]));
}

/** The CSS reference of a token, for inline styles. */
export function token(name: TokenName): string {
  return `var(--dw-${kebab(name)})`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]|\d/g, (character) => `-${character.toLowerCase()}`);
}
