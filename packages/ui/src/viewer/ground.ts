import { partModel, type PartMesh, type Stage } from "@doppelwerk/scene";
import {
  DataTexture,
  Group,
  LinearFilter,
  Mesh,
  PlaneGeometry,
  RedFormat,
  ShaderMaterial,
  ShadowMaterial,
  UnsignedByteType,
  Vector2,
  Vector4,
  Color,
} from "three";
import type { ViewerTheme } from "./viewer-theme.ts";

const CELL_M = 0.07;
const MARGIN_M = 2.5;
const MAX_CELLS = 1024;

/** The floor: metre grid that fades into the background, contact darkening baked from what stands on it, and the sun's shadow. */
export class Ground {
  readonly root = new Group();
  #grid: ShaderMaterial;
  #shadow = new ShadowMaterial({ transparent: true, depthWrite: false });
  #plane = new PlaneGeometry(1, 1).rotateX(-Math.PI / 2);
  #meshes: Mesh[];
  #contact: DataTexture | undefined;
  #unbaked: { readonly stage: Stage; readonly area: Area } | undefined;

  constructor() {
    this.#grid = new ShaderMaterial({
      uniforms: {
        background: { value: new Color() },
        fine: { value: new Color() },
        coarse: { value: new Color() },
        strength: { value: 1 },
        shade: { value: new Color() },
        contactStrength: { value: 0.3 },
        centre: { value: new Vector2() },
        radius: { value: 30 },
        contact: { value: null },
        area: { value: new Vector4(0, 0, 1, 1) },
      },
      depthWrite: false,
      vertexShader:
        "varying vec3 at; void main() { vec4 world = modelMatrix * vec4(position, 1.0); at = world.xyz; gl_Position = projectionMatrix * viewMatrix * world; }",
      fragmentShader: `varying vec3 at;
uniform vec3 background; uniform vec3 fine; uniform vec3 coarse; uniform float strength; uniform vec3 shade; uniform float contactStrength; uniform vec2 centre; uniform float radius; uniform sampler2D contact; uniform vec4 area;
float line(vec2 p, float pitch) { vec2 q = p / pitch; vec2 w = fwidth(q); vec2 d = abs(fract(q - 0.5) - 0.5) / max(w, vec2(1e-4)); float density = max(w.x, w.y); return (1.0 - min(min(d.x, d.y), 1.0)) * (1.0 - smoothstep(0.25, 0.6, density)); }
void main() {
  float fade = 1.0 - smoothstep(radius * 0.55, radius * 1.6, distance(at.xz, centre));
  vec3 c = background;
  c = mix(c, fine, line(at.xz, 1.0) * fade * strength * 0.75);
  c = mix(c, coarse, line(at.xz, 5.0) * fade * strength);
  vec2 uv = (at.xz - area.xy) / area.zw;
  if (all(greaterThan(uv, vec2(0.0))) && all(lessThan(uv, vec2(1.0)))) c = mix(c, shade, texture2D(contact, uv).r * contactStrength);
  gl_FragColor = vec4(c, 1.0);
  #include <colorspace_fragment>
}`,
    });
    this.#meshes = [new Mesh(this.#plane, this.#grid), new Mesh(this.#plane, this.#shadow)];
    this.#meshes[0]!.renderOrder = -3;
    this.#meshes[1]!.renderOrder = -1;
    this.#meshes[1]!.receiveShadow = true;
    for (const mesh of this.#meshes) {
      mesh.scale.set(600, 1, 600);
      this.root.add(mesh);
    }
    this.#meshes[1]!.position.y = 0.008;
    this.root.updateMatrixWorld();
  }

  setTheme(theme: ViewerTheme): void {
    const u = this.#grid.uniforms;
    u["background"]!.value.copy(theme.background);
    u["fine"]!.value.copy(theme.gridFine);
    u["coarse"]!.value.copy(theme.gridCoarse);
    u["strength"]!.value = theme.gridStrength;
    u["shade"]!.value.copy(theme.shadow);
    u["contactStrength"]!.value = theme.contactStrength;
    this.#shadow.color.copy(theme.shadow);
    this.#shadow.opacity = theme.shadowStrength;
  }

  setStage(stage: Stage): void {
    const { min, max } = stage.bounds;
    const u = this.#grid.uniforms;
    u["centre"]!.value.set((min[0] + max[0]) / 2, (min[2] + max[2]) / 2);
    u["radius"]!.value = Math.max(12, Math.hypot(max[0] - min[0], max[2] - min[2]) * 0.62);
    const area = { x: min[0] - MARGIN_M, z: min[2] - MARGIN_M, w: max[0] - min[0] + 2 * MARGIN_M, d: max[2] - min[2] + 2 * MARGIN_M };
    u["area"]!.value.set(area.x, area.z, area.w, area.d);
    this.#contact?.dispose();
    u["contact"]!.value = this.#contact = undefined;
    this.#unbaked = { stage, area };
  }

  /** Makes the contact of the last stage: work that the first picture does not wait for. True = the floor looks different now. */
  bake(): boolean {
    if (this.#unbaked === undefined) return false;
    const { stage, area } = this.#unbaked;
    this.#unbaked = undefined;
    this.#grid.uniforms["contact"]!.value = this.#contact = bakeContact(stage, area);
    return true;
  }

  dispose(): void {
    this.#plane.dispose();
    this.#grid.dispose();
    this.#shadow.dispose();
    this.#contact?.dispose();
  }
}

interface Area {
  readonly x: number;
  readonly z: number;
  readonly w: number;
  readonly d: number;
}

/** Draws what stands on or over the floor from above, blurs it twice: tight under feet, wide under bodies. */
function bakeContact(stage: Stage, area: Area): DataTexture {
  const cell = Math.max(CELL_M, area.w / MAX_CELLS, area.d / MAX_CELLS);
  const [nx, nz] = [Math.ceil(area.w / cell), Math.ceil(area.d / cell)];
  const low = new Float32Array(nx * nz);
  const high = new Float32Array(nx * nz);
  const seen = new Map<PartMesh, Uint32Array>();
  for (const part of stage.parts) {
    if (part.kind === "aisle" || part.kind === "marking" || part.kind === "agv") continue;
    const { mesh } = partModel(part, "far");
    const { positions } = mesh;
    let indices = seen.get(mesh);
    if (indices === undefined) seen.set(mesh, (indices = seenFromAbove(mesh, 0.05 * cell * cell)));
    const [c, s] = [Math.cos(part.turn), Math.sin(part.turn)];
    const x = (i: number): number => (part.position[0] + c * positions[i * 3]! + s * positions[i * 3 + 2]! - area.x) / cell;
    const z = (i: number): number => (part.position[2] - s * positions[i * 3]! + c * positions[i * 3 + 2]! - area.z) / cell;
    for (let t = 0; t < indices.length; t += 3) {
      const [i, j, k] = [indices[t]!, indices[t + 1]!, indices[t + 2]!];
      const y = Math.min(positions[i * 3 + 1]!, positions[j * 3 + 1]!, positions[k * 3 + 1]!) + part.position[1];
      if (y > 1.9) continue;
      fill(y < 0.12 ? low : high, nx, nz, [x(i), z(i), x(j), z(j), x(k), z(k)], y < 0.12 ? 1 : 1 - y / 2.2);
    }
  }
  const tight = blur(blur(low, nx, nz, Math.round(0.1 / cell)), nx, nz, Math.round(0.14 / cell));
  for (let i = 0; i < high.length; i++) high[i] = Math.max(high[i]!, low[i]!);
  const wide = blur(blur(high, nx, nz, Math.round(0.3 / cell)), nx, nz, Math.round(0.45 / cell));
  const bytes = new Uint8Array(nx * nz);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(255, 255 * Math.min(1, tight[i]! * 0.5 + wide[i]! * 0.85));
  const texture = new DataTexture(bytes, nx, nz, RedFormat, UnsignedByteType);
  texture.magFilter = texture.minFilter = LinearFilter;
  texture.unpackAlignment = 1;
  texture.needsUpdate = true;
  return texture;
}

/** The triangles of a mesh that cover at least so many doubled square metres of the floor: which they are does not depend on where it stands. */
function seenFromAbove({ positions, indices }: PartMesh, leastM2: number): Uint32Array {
  const large = new Uint32Array(indices.length);
  let count = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const [i, j, k] = [indices[t]! * 3, indices[t + 1]! * 3, indices[t + 2]! * 3];
    const [x, z] = [positions[i]!, positions[i + 2]!];
    const doubled = (positions[j]! - x) * (positions[k + 2]! - z) - (positions[k]! - x) * (positions[j + 2]! - z);
    if (Math.abs(doubled) < leastM2) continue;
    large.set(indices.subarray(t, t + 3), count);
    count += 3;
  }
  return large.subarray(0, count);
}

function fill(
  into: Float32Array,
  nx: number,
  nz: number,
  t: readonly [number, number, number, number, number, number],
  weight: number,
): void {
  const [x0, z0, x1, z1, x2, z2] = t;
  const area = (x1 - x0) * (z2 - z0) - (x2 - x0) * (z1 - z0);
  const sign = area < 0 ? -1 : 1;
  const [fromX, toX] = [Math.max(0, Math.floor(Math.min(x0, x1, x2))), Math.min(nx - 1, Math.ceil(Math.max(x0, x1, x2)))];
  const [fromZ, toZ] = [Math.max(0, Math.floor(Math.min(z0, z1, z2))), Math.min(nz - 1, Math.ceil(Math.max(z0, z1, z2)))];
  for (let z = fromZ; z <= toZ; z++)
    for (let x = fromX; x <= toX; x++) {
      const [px, pz] = [x + 0.5, z + 0.5];
      const a = sign * ((x1 - x0) * (pz - z0) - (px - x0) * (z1 - z0));
      const b = sign * ((x2 - x1) * (pz - z1) - (px - x1) * (z2 - z1));
      const c = sign * ((x0 - x2) * (pz - z2) - (px - x2) * (z0 - z2));
      if (a >= -0.5 && b >= -0.5 && c >= -0.5) into[z * nx + x] = Math.max(into[z * nx + x]!, weight);
    }
}

/** Box blur in both directions. */
function blur(from: Float32Array, nx: number, nz: number, radius: number): Float32Array {
  const r = Math.max(1, radius);
  const across = new Float32Array(from.length);
  const out = new Float32Array(from.length);
  pass(from, across, nx, nz, 1, nx, r);
  pass(across, out, nz, nx, nx, 1, r);
  return out;
}

function pass(from: Float32Array, to: Float32Array, along: number, across: number, step: number, stride: number, r: number): void {
  for (let j = 0; j < across; j++) {
    let sum = 0;
    for (let i = -r; i < along; i++) {
      if (i + r < along) sum += from[j * stride + (i + r) * step]!;
      if (i - r - 1 >= 0) sum -= from[j * stride + (i - r - 1) * step]!;
      if (i >= 0) to[j * stride + i * step] = sum / (2 * r + 1);
    }
  }
}
