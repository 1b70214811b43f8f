import { BufferAttribute, BufferGeometry, Color, Points, ShaderMaterial } from "three";
import type { ViewerTheme } from "./viewer-theme.ts";
import type { AlarmPriority } from "./viewer-frame.ts";

export interface Beacon {
  readonly at: readonly [number, number, number];
  readonly priority: AlarmPriority;
  readonly acknowledged: boolean;
}

const SIZE_PX = 11;
const LIMIT = 256;

/** Small marks over what is abnormal: shape and colour by priority, the same size at any distance, one draw call. */
export class Beacons {
  readonly points: Points;
  #positions = new Float32Array(LIMIT * 3);
  #marks = new Float32Array(LIMIT * 2);
  #material = new ShaderMaterial({
    transparent: true,
    depthTest: false,
    depthWrite: false,
    uniforms: {
      alarms: { value: [0, 1, 2, 3].map(() => new Color()) },
      halo: { value: new Color() },
      size: { value: SIZE_PX },
      dim: { value: 0 },
    },
    vertexShader: `attribute vec2 mark; varying vec2 vMark; uniform float size;
void main() { vMark = mark; gl_Position = projectionMatrix * viewMatrix * vec4(position, 1.0); gl_PointSize = size * 1.5; }`,
    fragmentShader: `uniform vec3 alarms[4]; uniform vec3 halo; uniform float dim; varying vec2 vMark;
float shape(vec2 p, float kind) {
  if (kind < 1.5) return (abs(p.x) + abs(p.y)) - 0.92;
  if (kind < 2.5) { vec2 q = vec2(abs(p.x), p.y); return max(q.x * 0.87 + q.y * 0.5, -q.y) - 0.52; }
  if (kind < 3.5) return max(abs(p.x), abs(p.y)) - 0.66;
  return length(p) - 0.74;
}
void main() {
  vec2 p = (gl_PointCoord - 0.5) * 3.0; p.y = -p.y;
  float d = shape(p, vMark.x);
  float w = fwidth(d);
  float body = 1.0 - smoothstep(-w, w, d);
  float ring = 1.0 - smoothstep(0.22 - w, 0.22 + w, d);
  if (ring < 0.01) discard;
  vec3 colour = alarms[int(vMark.x + 0.5) - 1];
  float lit = vMark.y > 0.5 ? 1.0 : 1.0 - dim * 0.65;
  gl_FragColor = vec4(mix(halo, colour, body), ring * lit);
  #include <colorspace_fragment>
}`,
  });

  constructor() {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(this.#positions, 3));
    geometry.setAttribute("mark", new BufferAttribute(this.#marks, 2));
    geometry.setDrawRange(0, 0);
    this.points = new Points(geometry, this.#material);
    this.points.frustumCulled = false;
    this.points.renderOrder = 5;
    this.points.visible = false;
  }

  /** Whether something is unacknowledged and so blinks. */
  blinking = false;

  set(beacons: readonly Beacon[]): void {
    const shown = beacons.slice(0, LIMIT);
    shown.forEach((beacon, i) => {
      this.#positions.set(beacon.at, i * 3);
      this.#marks.set([beacon.priority, beacon.acknowledged ? 1 : 0], i * 2);
    });
    const geometry = this.points.geometry;
    geometry.setDrawRange(0, shown.length);
    geometry.getAttribute("position").needsUpdate = true;
    geometry.getAttribute("mark").needsUpdate = true;
    this.points.visible = shown.length > 0;
    this.blinking = shown.some((beacon) => !beacon.acknowledged);
  }

  setTheme(theme: ViewerTheme, pixelRatio: number): void {
    const u = this.#material.uniforms;
    for (const priority of [1, 2, 3, 4] as const) u["alarms"]!.value[priority - 1].copy(theme.alarms[priority]);
    u["halo"]!.value.copy(theme.background);
    u["size"]!.value = SIZE_PX * pixelRatio;
  }

  /** Dark half of the blink. */
  set dim(value: boolean) {
    this.#material.uniforms["dim"]!.value = value ? 1 : 0;
  }

  dispose(): void {
    this.points.geometry.dispose();
    this.#material.dispose();
  }
}
