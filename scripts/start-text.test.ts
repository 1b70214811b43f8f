import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startText } from "./start-text.ts";

const started = { url: "http://127.0.0.1:8420", data: ".doppelwerk/demo", plant: ".doppelwerk/plant", site: true };

test("what npm start prints names what is simulated, the folders, the guides, and how to stop, in lines of a terminal", () => {
  const text = startText(started);
  for (const part of ["All its values are simulated", ".doppelwerk/demo", ".doppelwerk/plant", "Ctrl+C", "two assembly lines"])
    expect(text).toContain(part);
  expect(startText({ ...started, site: false })).toContain("one assembly line");
  for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(92);
  const guides = [...text.matchAll(/\/guide\/(?<name>[a-z-]+)/g)].map(({ groups }) => groups!["name"]!);
  expect(guides).toEqual(expect.arrayContaining(["getting-started", "your-own-plant", "operations"]));
  for (const name of guides) expect(existsSync(fileURLToPath(new URL(`../docs/guide/${name}.md`, import.meta.url))), name).toBe(true);
});

test("an address of this machine alone is named as such, another one is for every device", () => {
  expect(startText(started)).toContain("works on this machine only");
  expect(startText({ ...started, url: "https://twin.example:8420" })).toContain("any device that can reach this machine");
});
