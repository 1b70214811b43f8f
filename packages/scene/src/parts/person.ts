import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

/** A calm mannequin of simple turned forms, facing −z (towards the line when standing on the operator's side). */
export function buildPerson(b: MeshBuilder, p: PartParameters["person"]): Record<string, Vec3> {
  const h = p.heightM;
  const stride = p.pose === "walking" ? 0.26 : 0;
  for (const side of [-1, 1]) leg(b, side * 0.085 * (h / 1.74), h, side * stride);
  b.within([0, h * 0.5, 0], () =>
    b.lathe(
      "dark",
      [
        [0, 0],
        [0.12, 0.01],
        [0.155, 0.07],
        [0.13, 0.2],
        [0.165, 0.42],
        [0.15, 0.53],
        [0.07, 0.585],
        [0, 0.59],
      ].map(([r, y]) => [r! * (h / 1.74), y! * (h / 1.74)] as const),
      { scaleZ: 0.66, smooth: true, segments: 16 },
    ),
  );
  b.cylinder("dark", 0, h * 0.825, 0, 0.048, h * 0.05, "y", { segments: 10, lines: false });
  b.within([0, h * 0.855, -0.012], () =>
    b.lathe(
      "light",
      [
        [0, 0],
        [0.05, 0.01],
        [0.078, 0.06],
        [0.088, 0.12],
        [0.076, 0.19],
        [0.042, 0.235],
        [0, 0.252],
      ].map(([r, y]) => [r!, (y! * h * 0.145) / 0.252] as const),
      { smooth: true, segments: 16 },
    ),
  );
  for (const side of [-1, 1]) arm(b, side, h, p.pose);
  return { label: [0, h + 0.15, 0] };
}

function leg(b: MeshBuilder, x: number, h: number, swing: number): void {
  const knee: Vec3 = [x, h * 0.28, -swing * 0.45];
  b.sweep("dark", [[x * 0.9, h * 0.52, 0], knee, [x, 0.07, -swing]], 0.062, 10);
  b.block("dark", x, 0, -swing - 0.05, 0.095, 0.075, 0.26, { chamfer: 0.025, lines: false });
}

function arm(b: MeshBuilder, side: number, h: number, pose: PartParameters["person"]["pose"]): void {
  const shoulder: Vec3 = [side * 0.185, h * 0.795, 0];
  const elbow: Vec3 = pose === "working" ? [side * 0.23, h * 0.64, -0.12] : [side * 0.225, h * 0.62, 0.03];
  const wrist: Vec3 =
    pose === "working" ? [side * 0.13, h * 0.63, -0.4] : [side * 0.215, h * 0.48, pose === "walking" ? side * 0.14 : -0.05];
  b.sweep("dark", [shoulder, elbow, wrist], 0.042, 8);
  b.within([wrist[0], wrist[1] - 0.045, wrist[2]], () =>
    b.lathe(
      "light",
      [
        [0, 0],
        [0.035, 0.02],
        [0.04, 0.05],
        [0.02, 0.085],
        [0, 0.09],
      ],
      { smooth: true, segments: 8 },
    ),
  );
}
