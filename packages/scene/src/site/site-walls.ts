import type { PlacedPart } from "../stage/stage.ts";
import type { FloorRectangle } from "./floor-rectangle.ts";

/** Walls are cut, so that one looks over them; a door is a gap with two posts. */
const [WALL_M, DOOR_M, POST_M] = [1.1, 3.6, 0.3];

/**
 * Walls round an area with a door in each, but none on top of the wall of a neighbour.
 * @param id prefix of the ids of the parts
 */
export function wallsOf(id: string, { minX, maxX, minZ, maxZ }: FloorRectangle): readonly PlacedPart[] {
  const [middleX, middleZ] = [(minX + maxX) / 2, (minZ + maxZ) / 2];
  const sides = [
    { name: "north", x: middleX, z: minZ, lengthM: maxX - minX, turn: 0 },
    { name: "south", x: middleX, z: maxZ, lengthM: maxX - minX, turn: 0 },
    { name: "west", x: minX, z: middleZ, lengthM: maxZ - minZ, turn: Math.PI / 2 },
    { name: "east", x: maxX, z: middleZ, lengthM: maxZ - minZ, turn: Math.PI / 2 },
  ];
  return sides.flatMap((side) => wallWithDoor(`${id}/${side.name}`, side));
}

interface Side {
  readonly x: number;
  readonly z: number;
  readonly lengthM: number;
  readonly turn: number;
}

function wallWithDoor(id: string, { x, z, lengthM, turn }: Side): readonly PlacedPart[] {
  const doorM = Math.min(DOOR_M, lengthM * 0.4);
  const halfM = (lengthM - doorM) / 2;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const at = (along: number): readonly [number, number, number] => [x + c * along, 0, z - s * along];
  return [-1, 1].flatMap((end): PlacedPart[] => [
    {
      id: `${id}/wall${end}`,
      kind: "wall",
      parameters: { lengthM: rounded(halfM), heightM: WALL_M },
      position: at((end * (doorM + halfM)) / 2),
      turn,
    },
    { id: `${id}/post${end}`, kind: "column", parameters: { widthM: POST_M, heightM: 2.2 }, position: at((end * doorM) / 2), turn },
  ]);
}

/** Walls alike to a hand's breadth are one geometry. */
function rounded(metres: number): number {
  return Math.max(0.2, Math.round(metres * 10) / 10);
}
