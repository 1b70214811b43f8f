import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";

/** `house.json`: floors from the ground, permitted arrows, pure rooms. */
export interface House {
  readonly floors: Readonly<Record<string, readonly string[]>>;
  readonly arrows: Readonly<Record<string, readonly string[]>>;
  readonly pure: readonly string[];
}

export function readHouse(root: string): House {
  return JSON.parse(readFileSync(join(root, "house.json"), "utf8")) as House;
}

export function checkHouse(root: string, house: House): string[] {
  const floorOf = new Map(Object.entries(house.floors).flatMap(([floor, rooms]) => rooms.map((room) => [room, Number(floor)] as const)));
  const complaints: string[] = [];
  for (const room of globSync("packages/*/package.json", { cwd: root }).map((manifest) => manifest.split(sep)[1]!))
    if (!floorOf.has(room) || house.arrows[room] === undefined) complaints.push(`house.json: packages/${room} has no floor or no arrows`);
  for (const [room, targets] of Object.entries(house.arrows)) {
    for (const target of targets) {
      if (floorOf.get(target)! >= floorOf.get(room)!) complaints.push(`house.json: ${room} → ${target} does not point to a lower floor`);
    }
  }
  return complaints;
}

/** The picture of the house in docs/ARCHITECTURE.md is made from house.json. */
function houseDiagram(house: House): string {
  const lines = Object.entries(house.floors)
    .sort(([a], [b]) => Number(b) - Number(a))
    .map(([floor, rooms]) => `${floor}  ${rooms.map((room) => `${room}${house.pure.includes(room) ? "°" : ""}`).join("   ")}`);
  const arrows = Object.entries(house.arrows).map(([room, targets]) => `${room.padEnd(11)}→ ${targets.join(" ") || "nothing"}`);
  return ["```", ...lines, "", "° pure: no clock, chance, network, file, Node, DOM", "", ...arrows, "```"].join("\n");
}

const diagramPattern = /<!-- house -->\n[\s\S]*?<!-- \/house -->/;

export function checkDiagram(root: string, house: House, write: boolean): string[] {
  const path = join(root, "docs/ARCHITECTURE.md");
  if (!existsSync(path)) return ["docs/ARCHITECTURE.md is missing"];
  const wanted = `<!-- house -->\n${houseDiagram(house)}\n<!-- /house -->`;
  const text = readFileSync(path, "utf8");
  if (write)
    writeFileSync(
      path,
      text.replace(diagramPattern, () => wanted),
    );
  else if (!text.includes(wanted)) return ["docs/ARCHITECTURE.md: the picture differs from house.json; run node scripts/tidy.ts --write"];
  return [];
}
