import { type LayoutNode, type Side, type Split } from "./layout.ts";

interface Rectangle {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where tiles lie in a square of one. */
export function rectanglesOf(root: Split): readonly Rectangle[] {
  const all: Rectangle[] = [];
  const lay = (node: LayoutNode, at: Omit<Rectangle, "id">, level: number): void => {
    if (node.kind === "tile") return void all.push({ ...at, id: node.id });
    const total = node.children.reduce((sum, { size }) => sum + size, 0) || 1;
    let done = 0;
    for (const child of node.children) {
      const share = child.size / total;
      const part =
        level % 2 === 0
          ? { ...at, y: at.y + done * at.height, height: share * at.height }
          : { ...at, x: at.x + done * at.width, width: share * at.width };
      lay(child, part, level + 1);
      done += share;
    }
  };
  lay(root, { x: 0, y: 0, width: 1, height: 1 }, 0);
  return all;
}

/** The tile next to another one on a side; undefined at the edge. */
export function neighbourOf(root: Split, id: string, side: Side): string | undefined {
  const all = rectanglesOf(root);
  const own = all.find((each) => each.id === id);
  if (own === undefined) return undefined;
  const isAcross = side === "left" || side === "right";
  const candidates = all.flatMap((other) => {
    const gap = {
      left: own.x - (other.x + other.width),
      right: other.x - (own.x + own.width),
      above: own.y - (other.y + other.height),
      below: other.y - (own.y + own.height),
    }[side];
    const off = isAcross
      ? Math.abs(other.y + other.height / 2 - (own.y + own.height / 2))
      : Math.abs(other.x + other.width / 2 - (own.x + own.width / 2));
    return other.id === id || gap < -1e-6 ? [] : [{ id: other.id, cost: gap * 4 + off }];
  });
  return candidates.toSorted((a, b) => a.cost - b.cost)[0]?.id;
}
