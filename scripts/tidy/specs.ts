import { readFileSync } from "node:fs";
import { join } from "node:path";
import { roomOf } from "./imports.ts";

/**
 * Every numbered rule of every SPEC.md, however deep, has an id of its own in its room and a test whose title carries it: `[W3]` in a test of
 * the room; elsewhere `[W3]` too when no other room has such a rule, else `[world W3]`.
 */
export function checkSpecs(root: string, files: readonly string[]): string[] {
  const complaints: string[] = [];
  const specOf = new Map<string, string>();
  const roomsOf = new Map<string, Set<string>>();
  for (const spec of files.filter((file) => /(?:^|\/)SPEC\.md$/.test(file))) {
    for (const [, id] of readFileSync(join(root, spec), "utf8").matchAll(/^- \*\*([A-Z]{1,3}\d+)\*\*/gm)) {
      const rule = `${roomOf(spec)} ${id}`;
      if (specOf.has(rule))
        complaints.push(
          `${spec}: two rules of ${roomOf(spec)} are called ${id}${specOf.get(rule) === spec ? "" : `, the other in ${specOf.get(rule)}`}`,
        );
      specOf.set(rule, spec);
      roomsOf.set(id!, (roomsOf.get(id!) ?? new Set()).add(roomOf(spec)));
    }
  }
  const carried = new Set<string>();
  for (const file of files.filter((name) => /\.(?:test|fuzz|contract)\.tsx?$/.test(name)))
    for (const rule of rulesIn(readFileSync(join(root, file), "utf8"))) {
      const [name, id] = rule.includes(" ") ? (rule.split(" ") as [string, string]) : [undefined, rule];
      const rooms = roomsOf.get(id) ?? new Set();
      const own = roomOf(file);
      if (name !== undefined) {
        const room = [...rooms].find((each) => each.endsWith(`/${name}`));
        if (room !== undefined) carried.add(`${room} ${id}`);
      } else if (rooms.has(own)) carried.add(`${own} ${id}`);
      else if (rooms.size === 1) carried.add(`${[...rooms][0]!} ${id}`);
    }
  for (const [rule, spec] of specOf) {
    const [room, id] = rule.split(" ") as [string, string];
    if (carried.has(rule)) continue;
    const hint = roomsOf.get(id)!.size > 1 ? ` (outside of its room as [${room.split("/")[1]} ${id}])` : "";
    complaints.push(`${spec}: rule ${id} has no test that carries its id${hint}`);
  }
  return complaints;
}

/** `[W3]`, `[W3, W4]`, `[world W3]`. */
function rulesIn(text: string): string[] {
  return [...text.matchAll(/\[((?:[a-z][a-z-]* )?[A-Z]{1,3}\d+(?:, (?:[a-z][a-z-]* )?[A-Z]{1,3}\d+)*)\]/g)].flatMap(([, ids]) =>
    ids!.split(", "),
  );
}
